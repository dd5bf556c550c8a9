-- What lists, facets and suggestions read: one narrow row per product and currency, kept with the product's search document.

-- How far the mirror of inventory's sold-out SKUs is, and when it last changed what shoppers see.
ALTER TABLE catalog_state ADD COLUMN stock_revision INTEGER NOT NULL DEFAULT 0 CHECK (stock_revision >= 0);
ALTER TABLE catalog_state ADD COLUMN stock_changed_at_ms INTEGER NOT NULL DEFAULT 0;

ALTER TABLE categories ADD COLUMN position INTEGER NOT NULL DEFAULT 0 CHECK (position BETWEEN 0 AND 10000);
ALTER TABLE categories ADD COLUMN image TEXT;
-- Plain text.
ALTER TABLE categories ADD COLUMN description TEXT NOT NULL DEFAULT '' CHECK (length(description) <= 2000);

-- What `sort=title` compares: lower case without accents. Rows from before have it until their next change in ASCII only.
ALTER TABLE products ADD COLUMN title_key TEXT NOT NULL DEFAULT '';
UPDATE products SET title_key = lower(substr(title, 1, 120));

-- SKUs that inventory says are sold out: seconds old, for facets and badges. What may be sold is inventory's to say.
CREATE TABLE sold_out_skus (
  sku TEXT PRIMARY KEY CHECK (length(sku) BETWEEN 1 AND 64)
) STRICT, WITHOUT ROWID;

-- Active products that have a price in the currency.
CREATE TABLE listings (
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  row_id INTEGER NOT NULL REFERENCES products (row_id) ON DELETE CASCADE,
  category_id TEXT,
  featured INTEGER NOT NULL CHECK (featured IN (0, 1)),
  title_key TEXT NOT NULL,
  -- Of the cheapest variant.
  amount_minor INTEGER NOT NULL CHECK (amount_minor >= 0),
  -- Every variant that has a price in the currency is.
  sold_out INTEGER NOT NULL CHECK (sold_out IN (0, 1)),
  PRIMARY KEY (currency, row_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX listings_by_featured ON listings (currency, featured, row_id);
CREATE INDEX listings_by_price ON listings (currency, amount_minor, row_id);
CREATE INDEX listings_by_category ON listings (currency, category_id, row_id);

-- Of active products.
CREATE TABLE product_tags (
  row_id INTEGER NOT NULL REFERENCES products (row_id) ON DELETE CASCADE,
  tag TEXT NOT NULL COLLATE NOCASE,
  PRIMARY KEY (row_id, tag)
) STRICT, WITHOUT ROWID;
CREATE INDEX product_tags_by_tag ON product_tags (tag, row_id);

-- Titles of active products as people type them: unstemmed, because half a word has no stem.
CREATE VIRTUAL TABLE titles_fts USING fts5 (
  title,
  content = '', contentless_delete = 1, prefix = '1 2 3',
  tokenize = 'unicode61 remove_diacritics 2'
);
CREATE VIRTUAL TABLE title_vocabulary USING fts5vocab ('titles_fts', 'row');

INSERT INTO listings (currency, row_id, category_id, featured, title_key, amount_minor, sold_out)
SELECT r.currency, p.row_id, p.category_id,
  EXISTS (SELECT 1 FROM json_each(p.tags) t WHERE lower(t.value) = 'featured'), p.title_key, min(r.amount_minor), 0
FROM products p JOIN variants v ON v.product_id = p.id JOIN prices r ON r.variant_id = v.id
WHERE p.status = 'active' GROUP BY p.row_id, r.currency;
INSERT OR IGNORE INTO product_tags (row_id, tag)
SELECT p.row_id, t.value FROM products p, json_each(p.tags) t WHERE p.status = 'active';
INSERT INTO titles_fts (rowid, title) SELECT row_id, title FROM products WHERE status = 'active';

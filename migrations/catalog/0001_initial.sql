-- Products, variants, prices, media, categories, the search index and the list of imports.

-- Raised in the same batch as any change that a shopper could see; caches compare it.
CREATE TABLE catalog_state (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  version INTEGER NOT NULL CHECK (version >= 1)
) STRICT;
INSERT INTO catalog_state (id, version) VALUES (1, 1);

CREATE TABLE categories (
  id TEXT PRIMARY KEY,
  handle TEXT NOT NULL UNIQUE CHECK (length(handle) BETWEEN 1 AND 255),
  title TEXT NOT NULL CHECK (length(title) BETWEEN 1 AND 255),
  parent_id TEXT REFERENCES categories (id),
  created_at_ms INTEGER NOT NULL,
  updated_at_ms INTEGER NOT NULL,
  CHECK (parent_id IS NULL OR parent_id <> id)
) STRICT;
CREATE INDEX categories_parent ON categories (parent_id);

CREATE TABLE products (
  -- The row id of the search index; never reused, so that a list's cursor stays true.
  row_id INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  handle TEXT NOT NULL UNIQUE CHECK (length(handle) BETWEEN 1 AND 255),
  title TEXT NOT NULL CHECK (length(title) BETWEEN 1 AND 255),
  -- Sanitised HTML: a fixed set of tags without attributes.
  description TEXT NOT NULL,
  vendor TEXT NOT NULL,
  type TEXT NOT NULL,
  tags TEXT NOT NULL CHECK (json_type(tags) = 'array'),
  status TEXT NOT NULL CHECK (status IN ('active', 'draft', 'archived')),
  -- Names of the options, in order; a variant has one value for each.
  options TEXT NOT NULL CHECK (json_type(options) = 'array'),
  category_id TEXT REFERENCES categories (id) ON DELETE SET NULL,
  created_at_ms INTEGER NOT NULL,
  updated_at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX products_by_status ON products (status, row_id);
CREATE INDEX products_by_category ON products (category_id, row_id) WHERE category_id IS NOT NULL;

CREATE TABLE variants (
  id TEXT PRIMARY KEY,
  product_id TEXT NOT NULL REFERENCES products (id) ON DELETE CASCADE,
  sku TEXT NOT NULL UNIQUE CHECK (length(sku) BETWEEN 1 AND 64),
  option_values TEXT NOT NULL CHECK (json_type(option_values) = 'array'),
  weight_grams INTEGER NOT NULL CHECK (weight_grams >= 0),
  requires_shipping INTEGER NOT NULL CHECK (requires_shipping IN (0, 1)),
  taxable INTEGER NOT NULL CHECK (taxable IN (0, 1)),
  image TEXT,
  position INTEGER NOT NULL CHECK (position >= 1)
) STRICT;
CREATE INDEX variants_by_product ON variants (product_id, position);

CREATE TABLE prices (
  variant_id TEXT NOT NULL REFERENCES variants (id) ON DELETE CASCADE,
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  amount_minor INTEGER NOT NULL CHECK (amount_minor >= 0),
  compare_at_minor INTEGER CHECK (compare_at_minor >= 0),
  PRIMARY KEY (variant_id, currency)
) STRICT, WITHOUT ROWID;

CREATE TABLE media (
  product_id TEXT NOT NULL REFERENCES products (id) ON DELETE CASCADE,
  position INTEGER NOT NULL CHECK (position >= 1),
  url TEXT NOT NULL,
  alt TEXT NOT NULL,
  PRIMARY KEY (product_id, position)
) STRICT, WITHOUT ROWID;

-- What shoppers search: active products only, words stemmed. Contentless: the text stays in `products`.
CREATE VIRTUAL TABLE products_fts USING fts5 (
  title, tags, vendor, variants, description,
  content = '', contentless_delete = 1, prefix = '2 3',
  tokenize = 'porter unicode61 remove_diacritics 2'
);
-- What `ORDER BY rank` means: title before tags, vendor, variants and description.
INSERT INTO products_fts (products_fts, rank) VALUES ('rank', 'bm25(10.0, 4.0, 4.0, 3.0, 1.0)');
-- The same words unstemmed, because a correction must be a word that people write.
CREATE VIRTUAL TABLE products_words USING fts5 (
  words,
  content = '', contentless_delete = 1, detail = none,
  tokenize = 'unicode61 remove_diacritics 2'
);
CREATE VIRTUAL TABLE vocabulary USING fts5vocab ('products_words', 'row');

-- Every import by time; the truth about a running one is its ImportRun object.
CREATE TABLE imports (
  id TEXT PRIMARY KEY,
  status TEXT NOT NULL CHECK (status IN ('queued', 'running', 'completed', 'failed')),
  size_bytes INTEGER NOT NULL CHECK (size_bytes >= 0),
  row_count INTEGER NOT NULL CHECK (row_count >= 0),
  product_count INTEGER NOT NULL CHECK (product_count >= 0),
  accepted_count INTEGER NOT NULL CHECK (accepted_count >= 0),
  refused_count INTEGER NOT NULL CHECK (refused_count >= 0),
  created_at_ms INTEGER NOT NULL,
  updated_at_ms INTEGER NOT NULL
) STRICT;

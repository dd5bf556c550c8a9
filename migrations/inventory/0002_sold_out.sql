-- Which SKUs are sold out (nothing available, no backorder), as a list of changes for readers that mirror it: a row appears
-- when a SKU sells out for the first time and its revision rises with every turn. Written at the turns only, never per sale.
CREATE TABLE sold_out (
  sku TEXT PRIMARY KEY CHECK (length(sku) BETWEEN 1 AND 64),
  sold_out INTEGER NOT NULL CHECK (sold_out IN (0, 1)),
  revision INTEGER NOT NULL UNIQUE CHECK (revision >= 1)
) STRICT, WITHOUT ROWID;

INSERT INTO sold_out (sku, sold_out, revision)
SELECT sku, 1, row_number() OVER (ORDER BY sku) FROM skus
WHERE backorderable = 0 AND opened_at_ms IS NULL
  AND NOT EXISTS (SELECT 1 FROM opening_balances b WHERE b.sku = skus.sku AND b.quantity > 0);

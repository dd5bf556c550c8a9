-- What the shop had before a SKU's object existed. Once `opened_at_ms` is set the balance is frozen: it was handed to the
-- object, and receipts and adjustments go there.
CREATE TABLE skus (
  sku TEXT PRIMARY KEY CHECK (length(sku) BETWEEN 1 AND 64),
  backorderable INTEGER NOT NULL CHECK (backorderable IN (0, 1)),
  opened_at_ms INTEGER CHECK (opened_at_ms > 0)
) STRICT, WITHOUT ROWID;

CREATE INDEX skus_touched ON skus (sku) WHERE opened_at_ms IS NOT NULL;

CREATE TABLE opening_balances (
  sku TEXT NOT NULL REFERENCES skus (sku),
  location TEXT NOT NULL CHECK (length(location) BETWEEN 1 AND 32),
  quantity INTEGER NOT NULL CHECK (quantity BETWEEN 0 AND 1000000),
  PRIMARY KEY (sku, location)
) STRICT, WITHOUT ROWID;

-- Where this follower stands in each source's log.
CREATE TABLE follower_cursors (
  source TEXT PRIMARY KEY,
  last_sequence INTEGER NOT NULL CHECK (last_sequence >= 0)
) STRICT;

-- One row per placed order: what a later refund needs to find its country and products again.
CREATE TABLE order_facts (
  order_id TEXT PRIMARY KEY,
  day TEXT NOT NULL CHECK (day GLOB '????-??-??'),
  country TEXT NOT NULL,
  currency TEXT NOT NULL,
  total_minor INTEGER NOT NULL,
  refunded_minor INTEGER NOT NULL DEFAULT 0 CHECK (refunded_minor >= 0),
  -- JSON: [{ "sku", "productId", "totalMinor" }, …]
  lines TEXT NOT NULL CHECK (json_valid(lines))
) STRICT;

-- Days are UTC days of the event. Amounts are minor units.
CREATE TABLE country_sales (
  day TEXT NOT NULL CHECK (day GLOB '????-??-??'),
  country TEXT NOT NULL,
  currency TEXT NOT NULL,
  orders INTEGER NOT NULL CHECK (orders >= 0),
  units INTEGER NOT NULL CHECK (units >= 0),
  gross_minor INTEGER NOT NULL,
  discounts_minor INTEGER NOT NULL,
  shipping_minor INTEGER NOT NULL,
  tax_minor INTEGER NOT NULL,
  total_minor INTEGER NOT NULL,
  refunds_minor INTEGER NOT NULL,
  PRIMARY KEY (day, country, currency)
) STRICT, WITHOUT ROWID;

-- The same figures by product: what belongs to the whole order is shared out over its lines.
CREATE TABLE product_sales (
  day TEXT NOT NULL CHECK (day GLOB '????-??-??'),
  product_id TEXT NOT NULL,
  currency TEXT NOT NULL,
  orders INTEGER NOT NULL CHECK (orders >= 0),
  units INTEGER NOT NULL CHECK (units >= 0),
  gross_minor INTEGER NOT NULL,
  discounts_minor INTEGER NOT NULL,
  shipping_minor INTEGER NOT NULL,
  tax_minor INTEGER NOT NULL,
  total_minor INTEGER NOT NULL,
  refunds_minor INTEGER NOT NULL,
  PRIMARY KEY (day, product_id, currency)
) STRICT, WITHOUT ROWID;

-- How a product was called when it last sold.
CREATE TABLE product_titles (
  product_id TEXT PRIMARY KEY,
  title TEXT NOT NULL,
  placed_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE stock_skus (
  sku TEXT PRIMARY KEY,
  -- The journal's newest movement that is in these tables.
  sequence INTEGER NOT NULL CHECK (sequence >= 1),
  available INTEGER NOT NULL CHECK (available >= 0),
  backordered INTEGER NOT NULL CHECK (backordered >= 0),
  -- Since when it is at or below the threshold; null while there is enough.
  low_since TEXT,
  moved_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX stock_skus_low ON stock_skus (sku) WHERE low_since IS NOT NULL;

CREATE TABLE stock_levels (
  sku TEXT NOT NULL,
  location TEXT NOT NULL,
  sequence INTEGER NOT NULL CHECK (sequence >= 1),
  on_hand INTEGER NOT NULL CHECK (on_hand >= 0),
  held INTEGER NOT NULL CHECK (held >= 0),
  PRIMARY KEY (sku, location)
) STRICT, WITHOUT ROWID;

-- Summed: a row per day, SKU and kind, however busy the day.
CREATE TABLE stock_movements (
  day TEXT NOT NULL CHECK (day GLOB '????-??-??'),
  sku TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('opened', 'received', 'adjusted', 'held', 'committed', 'released', 'expired', 'restocked')),
  movements INTEGER NOT NULL CHECK (movements >= 1),
  quantity INTEGER NOT NULL,
  PRIMARY KEY (day, sku, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX stock_movements_by_sku ON stock_movements (sku, day, kind);

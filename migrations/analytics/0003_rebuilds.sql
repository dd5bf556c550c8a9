-- A rebuild fills these tables beside those that readers see, then makes the latter equal in one transaction.
CREATE TABLE projection_rebuilds (
  name TEXT PRIMARY KEY,
  state TEXT NOT NULL CHECK (state IN ('following', 'completed')),
  -- The last log that it has been through.
  after_source TEXT NOT NULL,
  sources INTEGER NOT NULL CHECK (sources >= 0),
  events INTEGER NOT NULL CHECK (events >= 0),
  removed INTEGER NOT NULL CHECK (removed >= 0),
  written INTEGER NOT NULL CHECK (written >= 0),
  started_at_ms INTEGER NOT NULL,
  finished_at_ms INTEGER
) STRICT;

CREATE TABLE rebuilt_follower_cursors (
  source TEXT PRIMARY KEY,
  last_sequence INTEGER NOT NULL CHECK (last_sequence >= 0)
) STRICT;

CREATE TABLE rebuilt_order_facts (
  order_id TEXT PRIMARY KEY,
  day TEXT NOT NULL CHECK (day GLOB '????-??-??'),
  country TEXT NOT NULL,
  currency TEXT NOT NULL,
  total_minor INTEGER NOT NULL,
  refunded_minor INTEGER NOT NULL DEFAULT 0 CHECK (refunded_minor >= 0),
  lines TEXT NOT NULL CHECK (json_valid(lines))
) STRICT;

CREATE TABLE rebuilt_country_sales (
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

CREATE TABLE rebuilt_product_sales (
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

CREATE TABLE rebuilt_product_titles (
  product_id TEXT PRIMARY KEY,
  title TEXT NOT NULL,
  placed_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE rebuilt_stock_skus (
  sku TEXT PRIMARY KEY,
  sequence INTEGER NOT NULL CHECK (sequence >= 1),
  available INTEGER NOT NULL CHECK (available >= 0),
  backordered INTEGER NOT NULL CHECK (backordered >= 0),
  low_since TEXT,
  moved_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE rebuilt_stock_levels (
  sku TEXT NOT NULL,
  location TEXT NOT NULL,
  sequence INTEGER NOT NULL CHECK (sequence >= 1),
  on_hand INTEGER NOT NULL CHECK (on_hand >= 0),
  held INTEGER NOT NULL CHECK (held >= 0),
  PRIMARY KEY (sku, location)
) STRICT, WITHOUT ROWID;

CREATE TABLE rebuilt_stock_movements (
  day TEXT NOT NULL CHECK (day GLOB '????-??-??'),
  sku TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('opened', 'received', 'adjusted', 'held', 'committed', 'released', 'expired', 'restocked')),
  movements INTEGER NOT NULL CHECK (movements >= 1),
  quantity INTEGER NOT NULL,
  PRIMARY KEY (day, sku, kind)
) STRICT, WITHOUT ROWID;

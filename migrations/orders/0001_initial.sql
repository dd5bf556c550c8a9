-- Orders' own D1: the projection of the order logs, the shop's shipping and tax policy, and which partitions were used.
-- Carts and orders themselves live in the CheckoutPartition objects.

CREATE TABLE follower_cursors (
  source TEXT PRIMARY KEY,
  last_sequence INTEGER NOT NULL CHECK (last_sequence >= 0)
) STRICT;

-- Written before a partition gets its first cart, so that a rebuild or an audit never misses one.
CREATE TABLE partitions (
  name TEXT PRIMARY KEY,
  first_used_at_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE orders (
  order_id TEXT PRIMARY KEY,
  number TEXT,
  status TEXT NOT NULL
    CHECK (status IN ('submitted', 'awaiting_payment', 'placed', 'fulfilled', 'completed', 'failed', 'cancelled')),
  customer_id TEXT,
  -- Asked from the partition when the order is projected: events carry no personal data.
  email TEXT,
  country TEXT NOT NULL,
  currency TEXT NOT NULL,
  units INTEGER NOT NULL CHECK (units > 0),
  total_minor INTEGER NOT NULL CHECK (total_minor >= 0),
  refunded_minor INTEGER NOT NULL DEFAULT 0 CHECK (refunded_minor BETWEEN 0 AND total_minor),
  created_at_ms INTEGER NOT NULL,
  placed_at_ms INTEGER,
  updated_at_ms INTEGER NOT NULL
) STRICT;

CREATE INDEX orders_by_time ON orders (created_at_ms DESC, order_id DESC);
CREATE INDEX orders_by_status ON orders (status, created_at_ms DESC, order_id DESC);
CREATE INDEX orders_by_email ON orders (lower(email), created_at_ms DESC, order_id DESC);
CREATE INDEX orders_by_customer ON orders (customer_id, created_at_ms DESC, order_id DESC);

CREATE TABLE shipping_rates (
  id TEXT PRIMARY KEY,
  -- Order in which shoppers see them.
  position INTEGER NOT NULL UNIQUE CHECK (position >= 0),
  name TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('flat', 'weight')),
  -- JSON array of ISO countries; empty means everywhere.
  countries TEXT NOT NULL CHECK (json_type(countries) = 'array'),
  -- JSON objects of currency to minor units.
  prices TEXT NOT NULL CHECK (json_type(prices) = 'object'),
  prices_per_kilogram TEXT NOT NULL CHECK (json_type(prices_per_kilogram) = 'object'),
  free_above TEXT NOT NULL CHECK (json_type(free_above) = 'object'),
  estimated_days INTEGER NOT NULL CHECK (estimated_days BETWEEN 0 AND 365)
) STRICT;

CREATE TABLE tax_rates (
  country TEXT PRIMARY KEY CHECK (country GLOB '[A-Z][A-Z]'),
  rate_basis_points INTEGER NOT NULL CHECK (rate_basis_points BETWEEN 0 AND 10000),
  included INTEGER NOT NULL CHECK (included IN (0, 1))
) STRICT;

-- Defaults of a British shop that also sells to the EU and the world. Operators replace them whole.
INSERT INTO shipping_rates (id, position, name, kind, countries, prices, prices_per_kilogram, free_above, estimated_days) VALUES
  ('uk-standard', 0, 'Standard delivery', 'flat', '["GB"]',
   '{"GBP":399,"EUR":479,"USD":499}', '{}', '{"GBP":5000,"EUR":6000,"USD":6500}', 3),
  ('uk-express', 1, 'Next-day delivery', 'flat', '["GB"]', '{"GBP":799,"EUR":949,"USD":999}', '{}', '{}', 1),
  ('eu-standard', 2, 'Standard delivery to Europe', 'flat',
   '["AT","BE","BG","CH","CY","CZ","DE","DK","EE","ES","FI","FR","GR","HR","HU","IE","IS","IT","LI","LT","LU","LV","MC","MT","NL","NO","PL","PT","RO","SE","SI","SK"]',
   '{"GBP":999,"EUR":1199,"USD":1299}', '{}', '{"GBP":15000,"EUR":17500,"USD":19000}', 6),
  ('eu-express', 3, 'Express delivery to Europe', 'flat',
   '["AT","BE","BG","CH","CY","CZ","DE","DK","EE","ES","FI","FR","GR","HR","HU","IE","IS","IT","LI","LT","LU","LV","MC","MT","NL","NO","PL","PT","RO","SE","SI","SK"]',
   '{"GBP":1999,"EUR":2399,"USD":2599}', '{}', '{}', 2),
  ('parcel', 4, 'Tracked parcel, by weight', 'weight', '[]',
   '{"GBP":1200,"EUR":1400,"USD":1500}', '{"GBP":350,"EUR":400,"USD":450}', '{"GBP":50000,"EUR":60000,"USD":65000}', 10),
  ('courier', 5, 'Worldwide courier', 'flat', '[]', '{"GBP":3500,"EUR":4200,"USD":4500}', '{}', '{}', 4);

-- Standard VAT rates in force in November 2026, contained in the listed prices. Where sales tax comes on top, 0 until
-- the shop is registered there. A country that is not listed is an export: no tax.
INSERT INTO tax_rates (country, rate_basis_points, included) VALUES
  ('AT', 2000, 1), ('BE', 2100, 1), ('BG', 2000, 1), ('CY', 1900, 1), ('CZ', 2100, 1), ('DE', 1900, 1), ('DK', 2500, 1),
  ('EE', 2400, 1), ('ES', 2100, 1), ('FI', 2550, 1), ('FR', 2000, 1), ('GB', 2000, 1), ('GR', 2400, 1), ('HR', 2500, 1),
  ('HU', 2700, 1), ('IE', 2300, 1), ('IT', 2200, 1), ('LT', 2100, 1), ('LU', 1700, 1), ('LV', 2100, 1), ('MC', 2000, 1),
  ('MT', 1800, 1), ('NL', 2100, 1), ('PL', 2300, 1), ('PT', 2300, 1), ('RO', 2100, 1), ('SE', 2500, 1), ('SI', 2200, 1),
  ('SK', 2300, 1), ('CH', 810, 1), ('LI', 810, 1), ('NO', 2500, 1), ('IS', 2400, 1), ('US', 0, 0), ('CA', 0, 0);

/** Tables of a CheckoutPartition. Bodies are JSON that this object wrote itself, so they are read back without a schema. */
export const PARTITION_SCHEMA = `
CREATE TABLE IF NOT EXISTS carts (
  id TEXT NOT NULL PRIMARY KEY,
  state TEXT NOT NULL CHECK (state IN ('open', 'frozen', 'ordered')),
  expires_at_ms INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS carts_by_expiry ON carts (expires_at_ms);

CREATE TABLE IF NOT EXISTS checkout_keys (
  number INTEGER PRIMARY KEY,
  cart_id TEXT NOT NULL,
  key TEXT NOT NULL,
  body_sha256 TEXT NOT NULL,
  started_at_ms INTEGER NOT NULL,
  order_id TEXT,
  answer TEXT,
  CHECK (order_id IS NOT NULL OR answer IS NOT NULL),
  UNIQUE (cart_id, key)
) STRICT;

CREATE TABLE IF NOT EXISTS orders (
  id TEXT NOT NULL PRIMARY KEY,
  version INTEGER NOT NULL,
  cart_id TEXT NOT NULL,
  idempotency_key TEXT NOT NULL,
  status TEXT NOT NULL,
  due_at_ms INTEGER,
  number_day TEXT,
  number_sequence INTEGER CHECK (number_sequence >= 1),
  body TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS orders_by_due ON orders (due_at_ms) WHERE due_at_ms IS NOT NULL;
CREATE UNIQUE INDEX IF NOT EXISTS orders_by_number ON orders (number_day, number_sequence) WHERE number_day IS NOT NULL;

CREATE TABLE IF NOT EXISTS events (
  sequence INTEGER PRIMARY KEY CHECK (sequence >= 1),
  body TEXT NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS partition_state (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  partition TEXT NOT NULL,
  published_sequence INTEGER NOT NULL CHECK (published_sequence >= 0),
  tidy_at_ms INTEGER NOT NULL
) STRICT;
`;

/** The tables of one run: what was read of the books, compact, so that sets of any size are compared in SQL. */

export const RUN_TABLE = `
CREATE TABLE IF NOT EXISTS run (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  state TEXT NOT NULL CHECK (json_valid(state))
) STRICT`;

/** How the run before ended: whoever waits for it hears of it when the next one has begun. */
export const ENDED_TABLE = `
CREATE TABLE IF NOT EXISTS ended (
  run_id TEXT PRIMARY KEY,
  view TEXT NOT NULL CHECK (json_valid(view))
) STRICT, WITHOUT ROWID`;

/** Emptied for every run. */
export const BOOK_TABLES = [
  "tallies",
  "violations",
  "suspects",
  "partitions",
  "cursors",
  "orders",
  "events",
  "skus",
  "committed",
  "payments",
  "sales",
];

/** Whoever changes a table gives the run another name (`follow-run.ts`): a run's books are of no worth to another version. */
export const CREATE_BOOKS = `
CREATE TABLE IF NOT EXISTS tallies (invariant TEXT PRIMARY KEY, checked INTEGER NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS violations (
  number INTEGER PRIMARY KEY,
  invariant TEXT NOT NULL,
  subject TEXT NOT NULL,
  detail TEXT NOT NULL,
  UNIQUE (invariant, subject, detail)
) STRICT;

-- Orders that looked wrong once: a fault looks the same the second time, while the order itself has not changed.
CREATE TABLE IF NOT EXISTS suspects (
  order_id TEXT PRIMARY KEY,
  fingerprint TEXT NOT NULL,
  findings TEXT NOT NULL CHECK (json_valid(findings)),
  rounds INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS partitions (
  name TEXT PRIMARY KEY,
  after_order TEXT NOT NULL,
  after_sequence INTEGER NOT NULL,
  is_read INTEGER NOT NULL CHECK (is_read IN (0, 1))
) STRICT, WITHOUT ROWID;

-- Where followers stood before the logs were read.
CREATE TABLE IF NOT EXISTS cursors (
  source TEXT NOT NULL,
  follower TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  PRIMARY KEY (source, follower)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS orders (order_id TEXT PRIMARY KEY, facts TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- With row ids: a body is longer than the quarter of a page that the key's own tree would keep in place.
CREATE TABLE IF NOT EXISTS events (
  source TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  order_id TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (source, sequence)
) STRICT;
CREATE INDEX IF NOT EXISTS events_by_order ON events (order_id, sequence);

CREATE TABLE IF NOT EXISTS skus (sku TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS committed (
  order_id TEXT NOT NULL,
  hold_id TEXT NOT NULL,
  sku TEXT NOT NULL,
  quantity INTEGER NOT NULL,
  PRIMARY KEY (order_id, hold_id, sku)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS payments (order_id TEXT NOT NULL, payment_id TEXT NOT NULL, books TEXT NOT NULL, PRIMARY KEY (order_id, payment_id)) STRICT, WITHOUT ROWID;

-- Sums of analytics when the run began, and what the logs add up to.
CREATE TABLE IF NOT EXISTS sales (
  kind TEXT NOT NULL CHECK (kind IN ('before', 'expected')),
  sums TEXT NOT NULL,
  day TEXT NOT NULL,
  "group" TEXT NOT NULL,
  currency TEXT NOT NULL,
  orders INTEGER NOT NULL,
  units INTEGER NOT NULL,
  grossMinor INTEGER NOT NULL,
  discountsMinor INTEGER NOT NULL,
  shippingMinor INTEGER NOT NULL,
  taxMinor INTEGER NOT NULL,
  totalMinor INTEGER NOT NULL,
  refundsMinor INTEGER NOT NULL,
  PRIMARY KEY (sums, day, "group", currency, kind)
) STRICT, WITHOUT ROWID;`;

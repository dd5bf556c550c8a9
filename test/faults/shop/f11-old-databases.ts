/**
 * The tables of the objects as their first release wrote them, and a way to turn a living object's database into one of
 * those: what every later release has to open. Never edit these; a new release adds its own.
 */
import { runInDurableObject } from "cloudflare:test";
import { abortObject } from "../rig/fault.ts";

export const PARTITION_1 = `
CREATE TABLE carts (id TEXT NOT NULL PRIMARY KEY, state TEXT NOT NULL CHECK (state IN ('open', 'frozen', 'ordered')),
  expires_at_ms INTEGER NOT NULL, body TEXT NOT NULL) STRICT;
CREATE INDEX carts_by_expiry ON carts (expires_at_ms);
CREATE TABLE checkout_keys (number INTEGER PRIMARY KEY, cart_id TEXT NOT NULL, key TEXT NOT NULL, body_sha256 TEXT NOT NULL,
  started_at_ms INTEGER NOT NULL, order_id TEXT, answer TEXT, CHECK (order_id IS NOT NULL OR answer IS NOT NULL),
  UNIQUE (cart_id, key)) STRICT;
CREATE TABLE orders (id TEXT NOT NULL PRIMARY KEY, version INTEGER NOT NULL, cart_id TEXT NOT NULL,
  idempotency_key TEXT NOT NULL, status TEXT NOT NULL, due_at_ms INTEGER, number_day TEXT,
  number_sequence INTEGER CHECK (number_sequence >= 1), body TEXT NOT NULL) STRICT;
CREATE INDEX orders_by_due ON orders (due_at_ms) WHERE due_at_ms IS NOT NULL;
CREATE UNIQUE INDEX orders_by_number ON orders (number_day, number_sequence) WHERE number_day IS NOT NULL;
CREATE TABLE events (sequence INTEGER PRIMARY KEY CHECK (sequence >= 1), body TEXT NOT NULL) STRICT;
CREATE TABLE partition_state (id INTEGER PRIMARY KEY CHECK (id = 1), partition TEXT NOT NULL,
  published_sequence INTEGER NOT NULL CHECK (published_sequence >= 0), tidy_at_ms INTEGER NOT NULL) STRICT;
`;

export const SKU_STOCK_1 = `
CREATE TABLE account (id INTEGER PRIMARY KEY CHECK (id = 1), sku TEXT NOT NULL,
  backorderable INTEGER NOT NULL CHECK (backorderable IN (0, 1)), backordered INTEGER NOT NULL CHECK (backordered >= 0),
  published_sequence INTEGER NOT NULL CHECK (published_sequence >= 0)) STRICT;
CREATE TABLE stock (location TEXT PRIMARY KEY, on_hand INTEGER NOT NULL CHECK (on_hand >= 0),
  held INTEGER NOT NULL CHECK (held BETWEEN 0 AND on_hand)) STRICT, WITHOUT ROWID;
CREATE TABLE holds (id TEXT PRIMARY KEY, sequence INTEGER NOT NULL CHECK (sequence >= 0),
  quantity INTEGER NOT NULL CHECK (quantity >= 0),
  backordered INTEGER NOT NULL CHECK (backordered BETWEEN 0 AND quantity),
  allocation TEXT NOT NULL CHECK (json_valid(allocation)),
  state TEXT NOT NULL CHECK (state IN ('held', 'committed', 'released', 'expired')),
  put_back INTEGER NOT NULL CHECK (put_back IN (0, 1) AND (put_back = 0 OR state = 'committed')),
  expires_at_ms INTEGER NOT NULL CHECK (expires_at_ms >= 0)) STRICT, WITHOUT ROWID;
CREATE INDEX holds_by_end ON holds (expires_at_ms) WHERE state = 'held';
CREATE INDEX holds_owed ON holds (sequence) WHERE backordered > 0;
CREATE TABLE movements (sequence INTEGER PRIMARY KEY CHECK (sequence > 0), at_ms INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('opened', 'received', 'adjusted', 'held', 'committed', 'released', 'expired', 'restocked')),
  location TEXT NOT NULL, quantity INTEGER NOT NULL CHECK (quantity >= 0 OR kind = 'adjusted'), reference TEXT NOT NULL,
  resolves_hold INTEGER NOT NULL CHECK (resolves_hold IN (0, 1)),
  on_hand_after INTEGER NOT NULL CHECK (on_hand_after >= 0),
  held_after INTEGER NOT NULL CHECK (held_after BETWEEN 0 AND on_hand_after),
  backordered_after INTEGER NOT NULL CHECK (backordered_after >= 0),
  available_after INTEGER NOT NULL CHECK (available_after >= 0), traceparent TEXT NOT NULL) STRICT;
CREATE UNIQUE INDEX one_resolution_per_hold ON movements (reference) WHERE resolves_hold = 1;
CREATE TABLE applied_keys (kind TEXT NOT NULL CHECK (kind IN ('received', 'adjusted', 'restocked')), key TEXT NOT NULL,
  fingerprint TEXT NOT NULL, PRIMARY KEY (kind, key)) STRICT, WITHOUT ROWID;
`;

/** The object wakes up next time on a database of that release, with what it had written. */
export async function turnInto(stub: DurableObjectStub, tables: string): Promise<void> {
  await changeDatabase(stub, (sql) => {
    const names = tablesOf(tables);
    for (const name of indexesOf(sql, names)) sql.exec(`DROP INDEX "${name}"`);
    for (const name of names) sql.exec(`ALTER TABLE ${name} RENAME TO newer_${name}`);
    sql.exec(tables);
    for (const name of names) {
      const columns = columnsOf(sql, name).join(", ");
      sql.exec(`INSERT INTO ${name} (${columns}) SELECT ${columns} FROM newer_${name}`);
      sql.exec(`DROP TABLE newer_${name}`);
    }
  });
}

/** As a release to come might leave it, before it was rolled back: every table has a column that nobody here knows. */
export async function addUnknownColumns(stub: DurableObjectStub, tables: string): Promise<void> {
  await changeDatabase(stub, (sql) => {
    for (const name of tablesOf(tables)) sql.exec(`ALTER TABLE ${name} ADD COLUMN of_the_future TEXT NOT NULL DEFAULT 'unknown'`);
  });
}

async function changeDatabase(stub: DurableObjectStub, change: (sql: SqlStorage) => void): Promise<void> {
  await runInDurableObject(stub, (_, { storage }) => storage.transactionSync(() => change(storage.sql)));
  await abortObject(stub);
}

function tablesOf(tables: string): string[] {
  return [...tables.matchAll(/CREATE TABLE (\w+)/g)].map(([, name = ""]) => name);
}

/** Indexes of a primary key or a unique constraint have no SQL of their own and go with their table. */
function indexesOf(sql: SqlStorage, tables: readonly string[]): string[] {
  const rows = sql.exec<{ name: string; tbl_name: string }>(
    "SELECT name, tbl_name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
  );
  return rows.toArray().flatMap(({ name, tbl_name: table }) => (tables.includes(table) ? [name] : []));
}

function columnsOf(sql: SqlStorage, table: string): string[] {
  return sql
    .exec<{ name: string }>(`SELECT name FROM pragma_table_info('${table}')`)
    .toArray()
    .map(({ name }) => name);
}

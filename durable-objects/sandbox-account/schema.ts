/**
 * The tables of the account. A payment is one JSON document with its charges, so that authorizing and capturing each write
 * one row of it; ids rise with time, so that lists need no index of their own. Tables of documents keep their rowid: without,
 * SQLite moves what exceeds a quarter of a page to pages of its own, and half again as many are written at each call.
 */
export const CREATE_TABLES = `
  CREATE TABLE IF NOT EXISTS intents (
    id TEXT PRIMARY KEY,
    record TEXT NOT NULL CHECK (json_valid(record))
  ) STRICT;
  CREATE TABLE IF NOT EXISTS intent_metadata (
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    intent_id TEXT NOT NULL,
    PRIMARY KEY (key, value, intent_id)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS refunds (
    id TEXT PRIMARY KEY,
    intent_id TEXT NOT NULL,
    record TEXT NOT NULL CHECK (json_valid(record))
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS refunds_by_intent ON refunds (intent_id, id);
  CREATE TABLE IF NOT EXISTS events (
    id TEXT PRIMARY KEY,
    type TEXT NOT NULL,
    request_id TEXT,
    idempotency_key TEXT,
    created_ms INTEGER NOT NULL,
    record TEXT NOT NULL CHECK (json_valid(record))
  ) STRICT;
  CREATE TABLE IF NOT EXISTS deliveries (
    event_id TEXT PRIMARY KEY,
    attempts INTEGER NOT NULL CHECK (attempts >= 0),
    due_ms INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS idempotency_keys (
    key TEXT PRIMARY KEY,
    fingerprint TEXT NOT NULL,
    status INTEGER NOT NULL,
    body TEXT NOT NULL,
    request_id TEXT NOT NULL,
    created_ms INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS faults (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    settings TEXT NOT NULL CHECK (json_valid(settings))
  ) STRICT;
`;

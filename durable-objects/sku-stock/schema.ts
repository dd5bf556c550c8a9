/**
 * The tables of one SkuStock object. CHECKs and the partial unique index are the last line of defence: a decision that
 * would oversell, or resolve a hold twice, fails and rolls back instead of being stored.
 */

/** Created with the opening, so that looking at an unknown SKU writes nothing. */
export const CREATE_TABLES = `
CREATE TABLE account (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  sku TEXT NOT NULL,
  backorderable INTEGER NOT NULL CHECK (backorderable IN (0, 1)),
  backordered INTEGER NOT NULL CHECK (backordered >= 0),
  published_sequence INTEGER NOT NULL CHECK (published_sequence >= 0)
) STRICT;

CREATE TABLE stock (
  location TEXT PRIMARY KEY,
  on_hand INTEGER NOT NULL CHECK (on_hand >= 0),
  held INTEGER NOT NULL CHECK (held BETWEEN 0 AND on_hand)
) STRICT, WITHOUT ROWID;

CREATE TABLE holds (
  id TEXT PRIMARY KEY,
  sequence INTEGER NOT NULL CHECK (sequence >= 0),
  quantity INTEGER NOT NULL CHECK (quantity >= 0),
  backordered INTEGER NOT NULL CHECK (backordered BETWEEN 0 AND quantity),
  allocation TEXT NOT NULL CHECK (json_valid(allocation)),
  state TEXT NOT NULL CHECK (state IN ('held', 'committed', 'released', 'expired')),
  put_back INTEGER NOT NULL CHECK (put_back IN (0, 1) AND (put_back = 0 OR state = 'committed')),
  expires_at_ms INTEGER NOT NULL CHECK (expires_at_ms >= 0)
) STRICT, WITHOUT ROWID;
CREATE INDEX holds_by_end ON holds (expires_at_ms) WHERE state = 'held';
CREATE INDEX holds_owed ON holds (sequence) WHERE backordered > 0;

CREATE TABLE movements (
  sequence INTEGER PRIMARY KEY CHECK (sequence > 0),
  at_ms INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('opened', 'received', 'adjusted', 'held', 'committed', 'released', 'expired', 'restocked')),
  location TEXT NOT NULL,
  quantity INTEGER NOT NULL CHECK (quantity >= 0 OR kind = 'adjusted'),
  reference TEXT NOT NULL,
  resolves_hold INTEGER NOT NULL CHECK (resolves_hold IN (0, 1)),
  on_hand_after INTEGER NOT NULL CHECK (on_hand_after >= 0),
  held_after INTEGER NOT NULL CHECK (held_after BETWEEN 0 AND on_hand_after),
  backordered_after INTEGER NOT NULL CHECK (backordered_after >= 0),
  available_after INTEGER NOT NULL CHECK (available_after >= 0),
  traceparent TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX one_resolution_per_hold ON movements (reference) WHERE resolves_hold = 1;

CREATE TABLE applied_keys (
  kind TEXT NOT NULL CHECK (kind IN ('received', 'adjusted', 'restocked')),
  key TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID;
`;

-- What no consumer could process: one row per queue and body, however often it dies.
CREATE TABLE dead_letters (
  id TEXT PRIMARY KEY,
  queue TEXT NOT NULL,
  -- JSON, as the queue carried it.
  body TEXT NOT NULL CHECK (json_valid(body)),
  body_sha256 TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('dead', 'replayed', 'discarded')),
  -- Of the newest death.
  reason TEXT NOT NULL,
  -- Deliveries over all deaths.
  attempts INTEGER NOT NULL CHECK (attempts >= 0),
  deaths INTEGER NOT NULL CHECK (deaths >= 0),
  received_at_ms INTEGER NOT NULL,
  died_at_ms INTEGER NOT NULL,
  replayed_at_ms INTEGER,
  discarded_at_ms INTEGER,
  -- The newest of these times: what the retention counts from.
  changed_at_ms INTEGER NOT NULL,
  UNIQUE (queue, body_sha256)
) STRICT;
CREATE INDEX dead_letters_of_queue ON dead_letters (queue, id);
CREATE INDEX dead_letters_in_state ON dead_letters (state, id);
CREATE INDEX dead_letters_by_change ON dead_letters (changed_at_ms);

-- One row per message that died: telling the same death again changes nothing.
CREATE TABLE deaths (
  queue TEXT NOT NULL,
  message_id TEXT NOT NULL,
  letter_id TEXT NOT NULL REFERENCES dead_letters (id) ON DELETE CASCADE,
  reason TEXT NOT NULL,
  attempts INTEGER NOT NULL CHECK (attempts >= 1),
  died_at_ms INTEGER NOT NULL,
  PRIMARY KEY (queue, message_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX deaths_of_letter ON deaths (letter_id, died_at_ms);

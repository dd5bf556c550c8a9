/** Tables of the log. Triggers refuse to change a record or to take one out that the retention has not let go of. */

export const SCHEMA = `
  CREATE TABLE IF NOT EXISTS records (
    sequence INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('attempt', 'outcome')),
    entry TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    actor TEXT NOT NULL,
    resource TEXT NOT NULL,
    body TEXT NOT NULL CHECK (json_valid(body)),
    hash TEXT NOT NULL CHECK (length(hash) = 64),
    UNIQUE (entry, kind)
  ) STRICT;
  CREATE INDEX IF NOT EXISTS records_by_actor ON records (actor, sequence) WHERE kind = 'attempt';
  CREATE INDEX IF NOT EXISTS records_by_resource ON records (resource, sequence) WHERE kind = 'attempt';
  CREATE INDEX IF NOT EXISTS records_by_time ON records (at_ms);

  -- Where the chain begins: what came before was kept its time.
  CREATE TABLE IF NOT EXISTS beginning (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    sequence INTEGER NOT NULL,
    hash TEXT NOT NULL CHECK (length(hash) = 64)
  ) STRICT;

  CREATE TRIGGER IF NOT EXISTS records_stay_as_written BEFORE UPDATE ON records
  BEGIN
    SELECT RAISE(ABORT, 'a record stays as it was written');
  END;
  -- REPLACE takes rows out without asking the trigger below.
  CREATE TRIGGER IF NOT EXISTS records_follow_on BEFORE INSERT ON records
  WHEN NEW.sequence <> coalesce((SELECT max(sequence) FROM records), (SELECT sequence FROM beginning), 0) + 1
    OR EXISTS (SELECT 1 FROM records WHERE entry = NEW.entry AND kind = NEW.kind)
  BEGIN
    SELECT RAISE(ABORT, 'a record follows on the newest');
  END;
  CREATE TRIGGER IF NOT EXISTS records_stay BEFORE DELETE ON records
  WHEN OLD.sequence > coalesce((SELECT sequence FROM beginning), 0)
  BEGIN
    SELECT RAISE(ABORT, 'a record stays');
  END;
  CREATE TRIGGER IF NOT EXISTS beginning_moves_on BEFORE UPDATE ON beginning
  WHEN NEW.sequence <= OLD.sequence
  BEGIN
    SELECT RAISE(ABORT, 'the beginning moves on only');
  END;
`;

-- An object that was set back in time has a shorter log than its followers know. A rebuild finds that out and sets them back.
-- The cursor of the rows that readers see, which the log was found to end before; null for every other log.
ALTER TABLE rebuilt_follower_cursors ADD COLUMN ends_before INTEGER CHECK (ends_before >= 1);
-- Logs whose follower the rebuild has set back.
ALTER TABLE projection_rebuilds ADD COLUMN set_back INTEGER NOT NULL DEFAULT 0 CHECK (set_back >= 0);

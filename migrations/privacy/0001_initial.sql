-- Who asked for a copy of their data or for its erasure, and what came of it: the shop's proof that it answered, and the list of
-- erasures to repeat after a database was restored. No name and no address: a subject is an id that names nobody once erased.
CREATE TABLE privacy_requests (
  id TEXT PRIMARY KEY CHECK (id GLOB 'prv_*'),
  kind TEXT NOT NULL CHECK (kind IN ('export', 'erasure')),
  -- A customer, an order of a guest, or the mailed link that proved an address.
  subject TEXT NOT NULL,
  asked_by TEXT NOT NULL CHECK (asked_by IN ('customer', 'guest', 'operator')),
  state TEXT NOT NULL CHECK (state IN ('running', 'waiting', 'completed', 'failed', 'expired')),
  -- JSON: what was erased, counted by kind.
  erased TEXT NOT NULL CHECK (json_type(erased) = 'object'),
  created_at_ms INTEGER NOT NULL,
  finished_at_ms INTEGER
) STRICT;

-- Whoever asks again while a request is under way joins it.
CREATE UNIQUE INDEX privacy_requests_one_running ON privacy_requests (kind, subject) WHERE state IN ('running', 'waiting');
CREATE INDEX privacy_requests_by_end ON privacy_requests (finished_at_ms) WHERE finished_at_ms IS NOT NULL;
CREATE INDEX privacy_requests_by_subject ON privacy_requests (subject, kind, id);

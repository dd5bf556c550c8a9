-- first
CREATE TABLE follower_cursors (source TEXT PRIMARY KEY, last_sequence INTEGER NOT NULL CHECK (last_sequence >= 0)) STRICT;

-- Where the round of the schedule over all SKUs goes on: after this one, from the start again when it is empty.
CREATE TABLE stock_sweep (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  after_sku TEXT NOT NULL
) STRICT;

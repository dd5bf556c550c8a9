-- Whose the guest orders of an address are: told by identity once the address is confirmed. Orders themselves do not change,
-- so the projection stays equal to its rebuild.
CREATE TABLE confirmed_addresses (
  email_normalized TEXT PRIMARY KEY,
  customer_id TEXT NOT NULL,
  confirmed_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX confirmed_addresses_by_customer ON confirmed_addresses (customer_id);

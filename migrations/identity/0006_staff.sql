-- Staff: accounts like everybody's, with a role. A row is an invitation until somebody accepts it with the link of its mail; like
-- an account message it is outbox and one-time token at once (docs/decisions/016-staff-keys-and-the-log.md).
CREATE TABLE staff (
  id TEXT PRIMARY KEY CHECK (id GLOB 'stf_*'),
  role TEXT NOT NULL CHECK (role IN ('owner', 'manager', 'support', 'warehouse', 'analyst')),
  customer_id TEXT UNIQUE REFERENCES customers (id) ON DELETE CASCADE,
  -- Where the invitation goes; from its acceptance on the account's own address counts.
  email TEXT,
  email_normalized TEXT,
  -- Names the invitation's mail and its link.
  message_id TEXT NOT NULL UNIQUE CHECK (message_id GLOB 'msg_*'),
  expires_at_ms INTEGER NOT NULL,
  sent_at_ms INTEGER,
  accepted_at_ms INTEGER,
  created_at_ms INTEGER NOT NULL,
  updated_at_ms INTEGER NOT NULL,
  CHECK ((customer_id IS NULL) = (accepted_at_ms IS NULL)),
  CHECK ((customer_id IS NULL) = (email IS NOT NULL)),
  CHECK ((email IS NULL) = (email_normalized IS NULL))
) STRICT;

CREATE UNIQUE INDEX staff_one_invitation ON staff (email_normalized) WHERE customer_id IS NULL;
CREATE INDEX staff_unsent ON staff (message_id) WHERE sent_at_ms IS NULL AND customer_id IS NULL;

-- Once a shop has an owner it keeps one, whatever the code above does. An account that is closed owns nothing: who wants to be
-- forgotten is, and the admin key makes the next owner.
CREATE TRIGGER staff_last_owner_keeps_role BEFORE UPDATE OF role, customer_id ON staff
WHEN OLD.role = 'owner' AND EXISTS (SELECT 1 FROM customers WHERE id = OLD.customer_id AND status = 'active') AND (NEW.role <> 'owner' OR NEW.customer_id IS NULL)
  AND NOT EXISTS (
    SELECT 1 FROM staff JOIN customers ON customers.id = staff.customer_id
    WHERE staff.role = 'owner' AND customers.status = 'active' AND staff.id <> OLD.id)
BEGIN
  SELECT RAISE(ABORT, 'the last owner stays');
END;

CREATE TRIGGER staff_last_owner_stays BEFORE DELETE ON staff
WHEN OLD.role = 'owner' AND EXISTS (SELECT 1 FROM customers WHERE id = OLD.customer_id AND status = 'active')
  AND NOT EXISTS (
    SELECT 1 FROM staff JOIN customers ON customers.id = staff.customer_id
    WHERE staff.role = 'owner' AND customers.status = 'active' AND staff.id <> OLD.id)
BEGIN
  SELECT RAISE(ABORT, 'the last owner stays');
END;

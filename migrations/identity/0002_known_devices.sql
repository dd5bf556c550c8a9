-- Devices that signed in carry a signed mark, and have attempts of their own. Marks made earlier than this count nothing:
-- a password reset moves it, and every device is a stranger again.
ALTER TABLE customers ADD COLUMN devices_since_ms INTEGER NOT NULL DEFAULT 0;

-- Whose power a server's client borrows, as keys do (0007): what its maker may not do any more, the server may not either. Null:
-- made with the admin key, or an app that registered itself.
ALTER TABLE oauth_clients ADD COLUMN maker_id TEXT;

-- In which language an account is written to: the one that its owner last signed in with. Of an address without an account, the one
-- that its link was asked for in.
ALTER TABLE customers ADD COLUMN language TEXT NOT NULL DEFAULT 'en' CHECK (length(language) = 2);
ALTER TABLE address_messages ADD COLUMN language TEXT NOT NULL DEFAULT 'en' CHECK (length(language) = 2);

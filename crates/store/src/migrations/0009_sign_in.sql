-- By what a server knows this installation when it comes again (XEP-0388): a random UUID, none until a server was told.
ALTER TABLE account ADD COLUMN user_agent TEXT;

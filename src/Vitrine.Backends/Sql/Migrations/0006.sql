-- A library that was removed is gone for all readers at once; its rows go page by page afterwards, and it last.
ALTER TABLE libraries ADD COLUMN removed INTEGER NOT NULL DEFAULT 0;

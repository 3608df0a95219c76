-- A collection that is noted for another look has it when it is due: revisit_tries counts the notes in a row, and each doubles the wait.
ALTER TABLE collections ADD COLUMN revisit_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE collections ADD COLUMN revisit_tries INTEGER NOT NULL DEFAULT 0;
DROP INDEX collections_to_revisit;
CREATE INDEX collections_to_revisit ON collections (library_id, revisit_at) WHERE revisit = 1;

-- The failure inbox. What stands is on the image, or on the container that could not be read; its decoder is empty where none judged.
ALTER TABLE images ADD COLUMN decoder TEXT NOT NULL DEFAULT '';
ALTER TABLE images ADD COLUMN ignored INTEGER NOT NULL DEFAULT 0;
ALTER TABLE collections ADD COLUMN decoder TEXT NOT NULL DEFAULT '';
ALTER TABLE collections ADD COLUMN ignored INTEGER NOT NULL DEFAULT 0;

UPDATE images SET decoder = coalesce((
    SELECT t.decoder FROM items t JOIN jobs j ON j.id = t.job_id AND j.handler = 1
    WHERE t.item = images.id AND t.outcome > 0 AND t.reason = images.reason ORDER BY t.job_id DESC LIMIT 1), '')
WHERE state > 1;

-- In the order in which groups are listed: a page of failures goes group by group, each by its index.
DROP INDEX images_not_made;
DROP INDEX collections_failed;
CREATE INDEX images_standing ON images (library_id, reason, decoder, ignored, collection_id, id) WHERE state > 1;
CREATE INDEX collections_standing ON collections (library_id, reason, decoder, ignored, id) WHERE reason IS NOT NULL;

-- Kept in the transactions that change what they count, like all counters.
CREATE TABLE failure_groups (
    kind       INTEGER NOT NULL,
    library_id INTEGER NOT NULL REFERENCES libraries (id) ON DELETE CASCADE,
    reason     TEXT NOT NULL,
    decoder    TEXT NOT NULL,
    ignored    INTEGER NOT NULL,
    count      INTEGER NOT NULL,
    PRIMARY KEY (kind, library_id, reason, decoder, ignored)
) STRICT, WITHOUT ROWID;
CREATE INDEX failure_groups_by_library ON failure_groups (library_id);
INSERT INTO failure_groups (kind, library_id, reason, decoder, ignored, count)
    SELECT 1, library_id, reason, decoder, 0, count(*) FROM images WHERE state > 1 GROUP BY library_id, reason, decoder;
INSERT INTO failure_groups (kind, library_id, reason, decoder, ignored, count)
    SELECT 0, library_id, reason, '', 0, count(*) FROM collections WHERE reason IS NOT NULL GROUP BY library_id, reason;

-- A job that tries failures again keeps which: JSON.
ALTER TABLE jobs ADD COLUMN failures TEXT;

-- Set while a dead batch is on its list: until somebody retries or drops it.
ALTER TABLE batches ADD COLUMN died_at INTEGER;
CREATE INDEX batches_dead ON batches (id) WHERE died_at IS NOT NULL;
CREATE INDEX batches_dead_of_job ON batches (job_id) WHERE died_at IS NOT NULL;
CREATE INDEX items_dead ON items (batch_id, item) WHERE reason = 'dead-letter';

-- One row for a code and subject, raised again and again. The sequence's next value with each raise makes the newest the first.
CREATE TABLE alerts (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    code         TEXT NOT NULL,
    subject      TEXT NOT NULL,
    severity     INTEGER NOT NULL,
    message      TEXT NOT NULL,
    raised       INTEGER NOT NULL,
    first_at     INTEGER NOT NULL,
    last_at      INTEGER NOT NULL,
    cleared_at   INTEGER,
    dismissed_at INTEGER,
    logged       INTEGER NOT NULL DEFAULT 0,
    version      INTEGER NOT NULL,
    UNIQUE (code, subject)
) STRICT;
CREATE UNIQUE INDEX alerts_by_version ON alerts (version);
CREATE INDEX alerts_to_log ON alerts (id) WHERE logged < raised;

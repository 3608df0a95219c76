-- What is cached, counted in the transactions that change it. An image is cached while it has at least one derivative.
ALTER TABLE collections ADD COLUMN cached INTEGER NOT NULL DEFAULT 0;
ALTER TABLE libraries ADD COLUMN cached INTEGER NOT NULL DEFAULT 0;
ALTER TABLE libraries ADD COLUMN cached_collections INTEGER NOT NULL DEFAULT 0;
UPDATE collections SET cached =
    (SELECT count(*) FROM images i WHERE i.collection_id = collections.id AND EXISTS (SELECT 1 FROM derivatives d WHERE d.image_id = i.id));
UPDATE libraries SET
    cached = (SELECT coalesce(sum(c.cached), 0) FROM collections c WHERE c.library_id = libraries.id),
    cached_collections = (SELECT count(*) FROM collections c WHERE c.library_id = libraries.id AND c.cached > 0);

-- Derivatives of a library by preset, and by the type of their bytes too.
CREATE TABLE library_derivatives_by_type (
    library_id   INTEGER NOT NULL REFERENCES libraries (id) ON DELETE CASCADE,
    preset       TEXT NOT NULL,
    content_type TEXT NOT NULL,
    count        INTEGER NOT NULL,
    bytes        INTEGER NOT NULL,
    PRIMARY KEY (library_id, preset, content_type)
) STRICT, WITHOUT ROWID;
INSERT INTO library_derivatives_by_type (library_id, preset, content_type, count, bytes)
    SELECT i.library_id, d.preset, b.content_type, count(*), sum(b.size)
    FROM derivatives d JOIN images i ON i.id = d.image_id JOIN blobs b ON b.id = d.blob_id GROUP BY i.library_id, d.preset, b.content_type;
DROP TABLE library_derivatives;
ALTER TABLE library_derivatives_by_type RENAME TO library_derivatives;

-- Links beyond the first of each blob, and links of removed images: what derivatives and blobs differ by.
CREATE TABLE cache_totals (
    id            INTEGER PRIMARY KEY CHECK (id = 1),
    shared_links  INTEGER NOT NULL,
    shared_bytes  INTEGER NOT NULL,
    removed_links INTEGER NOT NULL,
    removed_bytes INTEGER NOT NULL
) STRICT;
INSERT INTO cache_totals (id, shared_links, shared_bytes, removed_links, removed_bytes)
    SELECT 1,
        (SELECT coalesce(sum(refs - 1), 0) FROM blobs WHERE refs > 1),
        (SELECT coalesce(sum((refs - 1) * size), 0) FROM blobs WHERE refs > 1),
        (SELECT count(*) FROM removed_derivatives),
        (SELECT coalesce(sum(b.size), 0) FROM removed_derivatives d JOIN blobs b ON b.id = d.blob_id);

-- What making derivatives has cost so far, in processor time.
CREATE TABLE preset_costs (
    library_id INTEGER NOT NULL REFERENCES libraries (id) ON DELETE CASCADE,
    preset     TEXT NOT NULL,
    made       INTEGER NOT NULL,
    cpu_us     INTEGER NOT NULL,
    PRIMARY KEY (library_id, preset)
) STRICT, WITHOUT ROWID;

-- Presets that an image had and that were evicted: asking for one of them is a miss. A row goes when the preset is made again.
CREATE TABLE evicted_derivatives (
    image_id INTEGER NOT NULL,
    preset   TEXT NOT NULL,
    PRIMARY KEY (image_id, preset)
) STRICT, WITHOUT ROWID;

-- Whether a file was ever served.
ALTER TABLE blobs ADD COLUMN served INTEGER NOT NULL DEFAULT 0;
CREATE INDEX blobs_never_served ON blobs (folder_id) WHERE served = 0;

-- How the cache was used: by hour, for a time series; by day and collection. Hours and days are numbers since 1970.
CREATE TABLE usage_hours (
    hour       INTEGER NOT NULL,
    library_id INTEGER NOT NULL REFERENCES libraries (id) ON DELETE CASCADE,
    preset     TEXT NOT NULL,
    folder_id  INTEGER NOT NULL,
    hits       INTEGER NOT NULL,
    misses     INTEGER NOT NULL,
    bytes      INTEGER NOT NULL,
    PRIMARY KEY (hour, library_id, preset, folder_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX usage_hours_by_library ON usage_hours (library_id);

CREATE TABLE usage_days (
    day           INTEGER NOT NULL,
    collection_id INTEGER NOT NULL,
    library_id    INTEGER NOT NULL REFERENCES libraries (id) ON DELETE CASCADE,
    preset        TEXT NOT NULL,
    hits          INTEGER NOT NULL,
    misses        INTEGER NOT NULL,
    bytes         INTEGER NOT NULL,
    PRIMARY KEY (day, collection_id, preset)
) STRICT, WITHOUT ROWID;
CREATE INDEX usage_days_by_library ON usage_days (library_id);

-- Known contents: of images by their size, and for a while of those that are gone or changed, so that what comes back elsewhere is linked and not decoded.
CREATE INDEX images_by_content ON images (size, content_hash) WHERE content_hash IS NOT NULL;

CREATE TABLE former_contents (
    size         INTEGER NOT NULL,
    content_hash BLOB NOT NULL,
    width        INTEGER NOT NULL,
    height       INTEGER NOT NULL,
    format       TEXT NOT NULL,
    frames       INTEGER NOT NULL,
    orientation  INTEGER NOT NULL,
    thumb_hash   BLOB,
    color        TEXT,
    damaged      INTEGER NOT NULL,
    at           INTEGER NOT NULL,
    PRIMARY KEY (size, content_hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX former_contents_by_time ON former_contents (at);

-- The digest of a directory's listing as it was last applied whole; and which mount of the library its inodes are of.
ALTER TABLE collections ADD COLUMN listing BLOB;
ALTER TABLE collections ADD COLUMN mount_number INTEGER NOT NULL DEFAULT 0;
ALTER TABLE libraries ADD COLUMN mount_number INTEGER NOT NULL DEFAULT 0;
CREATE INDEX collections_by_parent_and_kind ON collections (parent_id, kind);
DROP INDEX collections_by_parent;

-- The trash: images whose originals are gone, by their place, with what they were linked to. Their blobs keep their references until they are forgotten.
CREATE TABLE removed_images (
    id            INTEGER PRIMARY KEY,
    library_id    INTEGER NOT NULL REFERENCES libraries (id),
    path          BLOB NOT NULL,
    raw_name      BLOB NOT NULL,
    occurrence    INTEGER NOT NULL,
    name          TEXT NOT NULL,
    size          INTEGER NOT NULL,
    stamp         INTEGER NOT NULL,
    inode         INTEGER NOT NULL,
    state         INTEGER NOT NULL,
    reason        TEXT,
    decoder       TEXT NOT NULL,
    ignored       INTEGER NOT NULL,
    width         INTEGER NOT NULL,
    height        INTEGER NOT NULL,
    format        TEXT,
    frames        INTEGER NOT NULL,
    orientation   INTEGER NOT NULL,
    content_hash  BLOB,
    thumb_hash    BLOB,
    color         TEXT,
    damaged       INTEGER NOT NULL,
    removed_at    INTEGER NOT NULL,
    UNIQUE (library_id, path, raw_name, occurrence)
) STRICT;
CREATE INDEX removed_images_by_time ON removed_images (removed_at, id);
CREATE INDEX removed_images_by_library ON removed_images (library_id, id);

CREATE TABLE removed_derivatives (
    image_id INTEGER NOT NULL REFERENCES removed_images (id),
    preset   TEXT NOT NULL,
    blob_id  INTEGER NOT NULL REFERENCES blobs (id),
    PRIMARY KEY (image_id, preset)
) STRICT, WITHOUT ROWID;
CREATE INDEX removed_derivatives_by_blob ON removed_derivatives (blob_id);

CREATE TABLE removed_collections (
    library_id INTEGER NOT NULL REFERENCES libraries (id),
    path       BLOB NOT NULL,
    id         INTEGER NOT NULL,
    removed_at INTEGER NOT NULL,
    PRIMARY KEY (library_id, path)
) STRICT, WITHOUT ROWID;
CREATE INDEX removed_collections_by_time ON removed_collections (removed_at);

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

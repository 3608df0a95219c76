-- The brake: what a scan found gone or changed waits here until the scan is over, when all of it is applied or held for a person.

-- state: 0 is being gathered, 1 held, 2 being applied, page by page, up to what the scan with this id noted. The limits are those of the node that noted first.
CREATE TABLE brakes (
    library_id   INTEGER PRIMARY KEY REFERENCES libraries (id) ON DELETE CASCADE,
    state        INTEGER NOT NULL,
    images       INTEGER NOT NULL,
    percent      INTEGER NOT NULL,
    scan_id      INTEGER NOT NULL,
    removed      INTEGER NOT NULL DEFAULT 0,
    redone       INTEGER NOT NULL DEFAULT 0,
    since        INTEGER NOT NULL
) STRICT;

-- size, stamp and inode are those of the original that took the place; NULL where it is gone. scan_id: the scan that saw it first.
CREATE TABLE pending_images (
    image_id      INTEGER PRIMARY KEY REFERENCES images (id) ON DELETE CASCADE,
    collection_id INTEGER NOT NULL,
    library_id    INTEGER NOT NULL,
    scan_id       INTEGER NOT NULL,
    size          INTEGER,
    stamp         INTEGER,
    inode         INTEGER
) STRICT;
CREATE INDEX pending_images_by_library ON pending_images (library_id, scan_id);
CREATE INDEX pending_images_by_collection ON pending_images (collection_id);

-- Directories and archives that are gone, with all that is below them.
CREATE TABLE pending_collections (
    collection_id INTEGER PRIMARY KEY REFERENCES collections (id) ON DELETE CASCADE,
    parent_id     INTEGER NOT NULL,
    library_id    INTEGER NOT NULL,
    scan_id       INTEGER NOT NULL
) STRICT;
CREATE INDEX pending_collections_by_library ON pending_collections (library_id, scan_id);
CREATE INDEX pending_collections_by_parent ON pending_collections (parent_id);

-- Images that a scan took out of the trash: what went elsewhere may be these.
CREATE TABLE returned_images (
    image_id   INTEGER PRIMARY KEY REFERENCES images (id) ON DELETE CASCADE,
    library_id INTEGER NOT NULL,
    scan_id    INTEGER NOT NULL
) STRICT;
CREATE INDEX returned_images_by_library ON returned_images (library_id, scan_id);

-- Whether something of it is pending, or was rejected: each scan lists it again, whatever its digest or version says.
ALTER TABLE collections ADD COLUMN held INTEGER NOT NULL DEFAULT 0;

-- A derive job that leaves out what failed for good; and what a scheduled scan does (see ScanMode).
ALTER TABLE jobs ADD COLUMN incomplete INTEGER NOT NULL DEFAULT 0;
ALTER TABLE schedules ADD COLUMN mode INTEGER NOT NULL DEFAULT 0;

-- A directory that was renamed or moved is found by its inode.
CREATE INDEX collections_by_inode ON collections (library_id, inode) WHERE kind = 0;

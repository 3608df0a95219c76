-- Files of a container that are neither pictures nor containers, by extension: what its last whole listing counted.
CREATE TABLE other_files (
    collection_id INTEGER NOT NULL REFERENCES collections (id) ON DELETE CASCADE,
    library_id    INTEGER NOT NULL,
    extension     TEXT NOT NULL,
    files         INTEGER NOT NULL,
    PRIMARY KEY (collection_id, extension)
) STRICT, WITHOUT ROWID;
CREATE INDEX other_files_by_library ON other_files (library_id, extension, files);

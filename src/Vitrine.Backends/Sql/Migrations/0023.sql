-- An archive that was renamed or moved is found by its inode as well, not directories alone.
DROP INDEX collections_by_inode;
CREATE INDEX collections_by_inode ON collections (library_id, inode);

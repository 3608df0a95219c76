-- Clean-up reads what nothing refers to any more a folder at a time, longest first.
CREATE INDEX blobs_unreferenced_of_folder ON blobs (folder_id, unreferenced_at, id) WHERE unreferenced_at IS NOT NULL;
DROP INDEX blobs_unreferenced;

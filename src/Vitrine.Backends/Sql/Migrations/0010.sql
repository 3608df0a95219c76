-- Cache folders that are drained, what each preset takes in a folder and may take there, when files were last used, and what is pinned.

-- A folder that is drained takes nothing new, and is empty when all of it stands elsewhere.
ALTER TABLE cache_folders ADD COLUMN draining INTEGER NOT NULL DEFAULT 0;

-- preset: for which the file was made first; its folder counts it there. used_at: when it was last served or made, to the hour.
-- written_at: when its file was written, so that those which a stop of the machine may have torn are known.
ALTER TABLE blobs ADD COLUMN preset TEXT NOT NULL DEFAULT '';
ALTER TABLE blobs ADD COLUMN used_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE blobs ADD COLUMN written_at INTEGER NOT NULL DEFAULT 0;
UPDATE blobs SET preset = coalesce(
    (SELECT min(preset) FROM derivatives WHERE blob_id = blobs.id), (SELECT min(preset) FROM removed_derivatives WHERE blob_id = blobs.id), '');
CREATE INDEX blobs_by_use ON blobs (folder_id, preset, used_at, id);

-- Kept in the transactions that change what they count. budget: the most that blobs and reservations of the preset may take there; NULL for none.
CREATE TABLE folder_presets (
    folder_id INTEGER NOT NULL REFERENCES cache_folders (id) ON DELETE CASCADE,
    preset    TEXT NOT NULL,
    blobs     INTEGER NOT NULL DEFAULT 0,
    bytes     INTEGER NOT NULL DEFAULT 0,
    reserved  INTEGER NOT NULL DEFAULT 0,
    budget    INTEGER,
    PRIMARY KEY (folder_id, preset)
) STRICT, WITHOUT ROWID;
INSERT INTO folder_presets (folder_id, preset, blobs, bytes) SELECT folder_id, preset, count(*), sum(size) FROM blobs GROUP BY folder_id, preset;

-- A preset with a budget has reservations of its own; all others of a lease share one without a name.
CREATE TABLE preset_reservations (
    token     INTEGER NOT NULL,
    folder_id INTEGER NOT NULL REFERENCES cache_folders (id),
    preset    TEXT NOT NULL,
    bytes     INTEGER NOT NULL,
    PRIMARY KEY (token, folder_id, preset)
) STRICT, WITHOUT ROWID;
INSERT INTO preset_reservations (token, folder_id, preset, bytes) SELECT token, folder_id, '', bytes FROM reservations;
DROP TABLE reservations;
ALTER TABLE preset_reservations RENAME TO reservations;
CREATE INDEX reservations_by_folder ON reservations (folder_id);

-- What is made of a pinned collection is not evicted.
ALTER TABLE collections ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0;
CREATE INDEX collections_pinned ON collections (id) WHERE pinned = 1;

-- Times are integer milliseconds since 1970, UTC. Enums are their numbers. Lists are JSON. Hashes and keys are 32 raw bytes.

-- Tokens of leases and locks, and versions of jobs, come from here: one sequence for the whole store.
CREATE TABLE sequence (id INTEGER PRIMARY KEY CHECK (id = 1), value INTEGER NOT NULL) STRICT;
INSERT INTO sequence (id, value) VALUES (1, 0);

CREATE TABLE libraries (
    id                INTEGER PRIMARY KEY AUTOINCREMENT,
    name              TEXT NOT NULL,
    root              TEXT NOT NULL UNIQUE,
    settings          TEXT NOT NULL,
    mount_source      TEXT NOT NULL,
    mount_type        TEXT NOT NULL,
    created_at        INTEGER NOT NULL,
    last_scan_at      INTEGER,
    collections       INTEGER NOT NULL DEFAULT 0,
    images            INTEGER NOT NULL DEFAULT 0,
    ready             INTEGER NOT NULL DEFAULT 0,
    failed            INTEGER NOT NULL DEFAULT 0,
    skipped           INTEGER NOT NULL DEFAULT 0,
    failed_containers INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE library_derivatives (
    library_id INTEGER NOT NULL REFERENCES libraries (id) ON DELETE CASCADE,
    preset     TEXT NOT NULL,
    count      INTEGER NOT NULL,
    bytes      INTEGER NOT NULL,
    PRIMARY KEY (library_id, preset)
) STRICT, WITHOUT ROWID;

-- Every directory and archive that a scan saw, also those without images: those that are listed have images or a reason.
CREATE TABLE collections (
    id               INTEGER PRIMARY KEY AUTOINCREMENT,
    library_id       INTEGER NOT NULL REFERENCES libraries (id),
    parent_id        INTEGER REFERENCES collections (id),
    kind             INTEGER NOT NULL,
    path             BLOB NOT NULL,
    name             TEXT NOT NULL,
    parent_path      TEXT NOT NULL,
    search           TEXT NOT NULL,
    sort_key         BLOB NOT NULL,
    size             INTEGER,
    stamp            INTEGER,
    inode            INTEGER,
    images           INTEGER NOT NULL DEFAULT 0,
    ready            INTEGER NOT NULL DEFAULT 0,
    failed           INTEGER NOT NULL DEFAULT 0,
    skipped          INTEGER NOT NULL DEFAULT 0,
    derivatives      INTEGER NOT NULL DEFAULT 0,
    derivative_bytes INTEGER NOT NULL DEFAULT 0,
    cover_id         INTEGER,
    reason           TEXT,
    revisit          INTEGER NOT NULL DEFAULT 0,
    updated_at       INTEGER NOT NULL,
    listed           INTEGER NOT NULL GENERATED ALWAYS AS (CASE WHEN images > 0 OR reason IS NOT NULL THEN 1 ELSE 0 END) STORED,
    UNIQUE (library_id, path)
) STRICT;
CREATE INDEX collections_by_parent ON collections (parent_id);
CREATE INDEX collections_by_library ON collections (library_id, id);
CREATE INDEX collections_failed ON collections (library_id, id) WHERE reason IS NOT NULL;
CREATE INDEX collections_to_revisit ON collections (id) WHERE revisit = 1;
CREATE INDEX collections_by_added ON collections (listed, id);
CREATE INDEX collections_by_name ON collections (listed, sort_key, id);
CREATE INDEX collections_by_updated ON collections (listed, updated_at, id);
CREATE INDEX collections_by_images ON collections (listed, images, id);
CREATE INDEX collections_by_bytes ON collections (listed, derivative_bytes, id);
CREATE INDEX collections_of_library_by_added ON collections (library_id, listed, id);
CREATE INDEX collections_of_library_by_name ON collections (library_id, listed, sort_key, id);
CREATE INDEX collections_of_library_by_updated ON collections (library_id, listed, updated_at, id);
CREATE INDEX collections_of_library_by_images ON collections (library_id, listed, images, id);
CREATE INDEX collections_of_library_by_bytes ON collections (library_id, listed, derivative_bytes, id);

CREATE TABLE images (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    library_id    INTEGER NOT NULL,
    collection_id INTEGER NOT NULL REFERENCES collections (id),
    raw_name      BLOB NOT NULL,
    occurrence    INTEGER NOT NULL,
    name          TEXT NOT NULL,
    sort_key      BLOB NOT NULL,
    size          INTEGER NOT NULL,
    stamp         INTEGER NOT NULL,
    inode         INTEGER NOT NULL,
    state         INTEGER NOT NULL DEFAULT 0,
    reason        TEXT,
    width         INTEGER NOT NULL DEFAULT 0,
    height        INTEGER NOT NULL DEFAULT 0,
    format        TEXT,
    frames        INTEGER NOT NULL DEFAULT 0,
    orientation   INTEGER NOT NULL DEFAULT 0,
    content_hash  BLOB,
    thumb_hash    BLOB,
    color         TEXT,
    damaged       INTEGER NOT NULL DEFAULT 0,
    UNIQUE (collection_id, raw_name, occurrence)
) STRICT;
CREATE INDEX images_by_order ON images (collection_id, sort_key, id);
CREATE INDEX images_by_collection ON images (collection_id, id);
CREATE INDEX images_by_library ON images (library_id, id);
CREATE INDEX images_not_made ON images (library_id, id) WHERE state > 1;

CREATE TABLE cache_folders (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    path        TEXT NOT NULL UNIQUE,
    marker      TEXT NOT NULL UNIQUE,
    priority    INTEGER NOT NULL,
    limit_bytes INTEGER NOT NULL,
    floor_bytes INTEGER NOT NULL,
    presets     TEXT NOT NULL,
    active      INTEGER NOT NULL DEFAULT 1,
    blobs       INTEGER NOT NULL DEFAULT 0,
    bytes       INTEGER NOT NULL DEFAULT 0,
    reserved    INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE reservations (
    token     INTEGER NOT NULL,
    folder_id INTEGER NOT NULL REFERENCES cache_folders (id),
    bytes     INTEGER NOT NULL,
    PRIMARY KEY (token, folder_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX reservations_by_folder ON reservations (folder_id);

CREATE TABLE blobs (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    key             BLOB NOT NULL UNIQUE,
    folder_id       INTEGER NOT NULL REFERENCES cache_folders (id),
    name            TEXT NOT NULL,
    size            INTEGER NOT NULL,
    hash            BLOB NOT NULL,
    content_type    TEXT NOT NULL,
    width           INTEGER NOT NULL,
    height          INTEGER NOT NULL,
    partial         INTEGER NOT NULL,
    refs            INTEGER NOT NULL DEFAULT 0,
    unreferenced_at INTEGER,
    UNIQUE (folder_id, name)
) STRICT;
CREATE INDEX blobs_unreferenced ON blobs (unreferenced_at) WHERE unreferenced_at IS NOT NULL;

CREATE TABLE derivatives (
    image_id INTEGER NOT NULL REFERENCES images (id),
    preset   TEXT NOT NULL,
    blob_id  INTEGER NOT NULL REFERENCES blobs (id),
    PRIMARY KEY (image_id, preset)
) STRICT, WITHOUT ROWID;
CREATE INDEX derivatives_by_blob ON derivatives (blob_id);

-- Jobs outlive their library, so that what was done stays visible: library_id is no foreign key.
CREATE TABLE jobs (
    id               INTEGER PRIMARY KEY AUTOINCREMENT,
    handler          INTEGER NOT NULL,
    status           INTEGER NOT NULL DEFAULT 0,
    holds            INTEGER NOT NULL DEFAULT 0,
    library_id       INTEGER NOT NULL,
    presets          TEXT NOT NULL,
    collections      TEXT,
    images           TEXT,
    force            INTEGER NOT NULL,
    class            INTEGER NOT NULL,
    parent_id        INTEGER REFERENCES jobs (id),
    of_scan          INTEGER NOT NULL DEFAULT 0,
    planned          INTEGER NOT NULL DEFAULT 0,
    plan_cursor      TEXT,
    total            INTEGER NOT NULL DEFAULT 0,
    completed        INTEGER NOT NULL DEFAULT 0,
    skipped          INTEGER NOT NULL DEFAULT 0,
    failed           INTEGER NOT NULL DEFAULT 0,
    cancelled        INTEGER NOT NULL DEFAULT 0,
    reason           TEXT,
    idempotency_key  TEXT UNIQUE,
    created_at       INTEGER NOT NULL,
    started_at       INTEGER,
    finished_at      INTEGER,
    last_progress_at INTEGER,
    served           INTEGER NOT NULL DEFAULT 0,
    version          INTEGER NOT NULL,
    CHECK (completed + skipped + failed + cancelled <= total)
) STRICT;
CREATE UNIQUE INDEX jobs_by_version ON jobs (version);
CREATE INDEX jobs_by_parent ON jobs (parent_id, id);
CREATE INDEX jobs_by_handler ON jobs (handler, id);
CREATE INDEX jobs_by_status ON jobs (status, id);
CREATE INDEX jobs_by_library ON jobs (library_id, id);
CREATE INDEX jobs_open ON jobs (served, id) WHERE status < 2;
CREATE INDEX jobs_to_plan ON jobs (id) WHERE planned = 0 AND of_scan = 0 AND handler = 1 AND status < 2;

-- A batch of no job is one image on demand: it keeps its image and presets itself, and goes when it is done.
CREATE TABLE batches (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    job_id        INTEGER REFERENCES jobs (id),
    library_id    INTEGER NOT NULL,
    collection_id INTEGER NOT NULL,
    class         INTEGER NOT NULL,
    state         INTEGER NOT NULL DEFAULT 0,
    offer         INTEGER NOT NULL DEFAULT 0,
    offered_at    INTEGER,
    token         INTEGER,
    node          TEXT,
    renewals      INTEGER NOT NULL DEFAULT 0,
    heartbeat_at  INTEGER,
    not_before    INTEGER,
    deaths        INTEGER NOT NULL DEFAULT 0,
    one_by_one    INTEGER NOT NULL DEFAULT 0,
    crashed       INTEGER NOT NULL DEFAULT 0,
    in_hand       INTEGER,
    image_id      INTEGER,
    presets       TEXT
) STRICT;
CREATE UNIQUE INDEX batches_by_token ON batches (token) WHERE token IS NOT NULL;
CREATE UNIQUE INDEX batches_on_demand ON batches (image_id) WHERE image_id IS NOT NULL AND state < 3;
CREATE INDEX batches_by_job ON batches (job_id);
CREATE INDEX batches_waiting ON batches (job_id, class, id) WHERE state < 2;
CREATE INDEX batches_offered ON batches (class, offered_at) WHERE state = 1;
CREATE INDEX batches_by_library ON batches (library_id);

-- An item of a job; its outcome is written once. Inserted when it is planned.
CREATE TABLE items (
    job_id   INTEGER NOT NULL REFERENCES jobs (id),
    item     INTEGER NOT NULL,
    batch_id INTEGER NOT NULL,
    outcome  INTEGER,
    reason   TEXT,
    message  TEXT,
    attempts INTEGER NOT NULL DEFAULT 0,
    decoder  TEXT,
    at       INTEGER,
    PRIMARY KEY (job_id, item)
) STRICT, WITHOUT ROWID;
CREATE INDEX items_open ON items (batch_id, item) WHERE outcome IS NULL;
CREATE INDEX items_not_done ON items (job_id, item) WHERE outcome > 0;
CREATE INDEX items_not_done_by_item ON items (item, job_id) WHERE outcome > 0;

CREATE TABLE locks (
    name       TEXT PRIMARY KEY,
    owner      TEXT NOT NULL,
    token      INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX locks_by_owner ON locks (owner);

CREATE TABLE users (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    name            TEXT NOT NULL,
    name_key        TEXT NOT NULL UNIQUE,
    password_hash   TEXT NOT NULL,
    role            INTEGER NOT NULL,
    created_at      INTEGER NOT NULL,
    failed_attempts INTEGER NOT NULL DEFAULT 0,
    first_failed_at INTEGER,
    locked_until    INTEGER
) STRICT;

CREATE TABLE grants (
    user_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    library_id INTEGER NOT NULL REFERENCES libraries (id) ON DELETE CASCADE,
    PRIMARY KEY (user_id, library_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX grants_by_library ON grants (library_id);

CREATE TABLE sessions (
    token_hash BLOB PRIMARY KEY,
    user_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    idle_limit INTEGER NOT NULL,
    seen_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_by_user ON sessions (user_id);

CREATE TABLE settings (key TEXT PRIMARY KEY, json TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- Stale jobs, retries with a pause, locks of bulk jobs, live nodes, and histories that are pruned.

-- served_since: since when the job is served or could be; NULL while it waits. message: why it ended, for people.
-- pruned: its items other than failed ones, and its batches, are gone; its counts stay.
ALTER TABLE jobs ADD COLUMN served_since INTEGER;
ALTER TABLE jobs ADD COLUMN resumed_at INTEGER;
ALTER TABLE jobs ADD COLUMN message TEXT;
ALTER TABLE jobs ADD COLUMN pruned INTEGER NOT NULL DEFAULT 0;
CREATE INDEX jobs_ended ON jobs (finished_at, id) WHERE status >= 2;

-- progressed_at: when it was leased, or its last outcome was accepted.
ALTER TABLE batches ADD COLUMN progressed_at INTEGER;
CREATE INDEX batches_leased ON batches (job_id, node) WHERE state = 2;
CREATE INDEX batches_leased_by_node ON batches (node) WHERE state = 2;
CREATE INDEX batches_later ON batches (job_id, not_before) WHERE state < 2 AND not_before IS NOT NULL;
CREATE INDEX batches_due ON batches (job_id) WHERE state < 2 AND not_before IS NULL;
CREATE INDEX batches_of_collection ON batches (job_id, collection_id) WHERE state < 3;

-- An open item with this time waits for its retry; reason, message and attempts are then those of the last try.
ALTER TABLE items ADD COLUMN not_before INTEGER;
CREATE INDEX items_later ON items (job_id, batch_id, not_before) WHERE not_before IS NOT NULL;

CREATE TABLE nodes (
    name       TEXT PRIMARY KEY,
    started_at INTEGER NOT NULL,
    seen_at    INTEGER NOT NULL,
    workers    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- When the stale clocks were last looked after: a gap says that the engine was off, or that the clock jumped.
CREATE TABLE engine_looks (id INTEGER PRIMARY KEY CHECK (id = 1), at INTEGER NOT NULL) STRICT;

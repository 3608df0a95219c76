-- When something is done again and again, and how its last run stands. A run with a job ends as the job does.
CREATE TABLE schedules (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    kind         INTEGER NOT NULL,
    library_id   INTEGER REFERENCES libraries (id) ON DELETE CASCADE,
    cron         TEXT NOT NULL,
    time_zone    TEXT NOT NULL,
    enabled      INTEGER NOT NULL,
    created_at   INTEGER NOT NULL,
    next_at      INTEGER,
    last_due_at  INTEGER,
    last_at      INTEGER,
    last_end     INTEGER,
    last_job_id  INTEGER,
    last_message TEXT,
    CHECK ((kind = 0) = (library_id IS NOT NULL))
) STRICT;
CREATE INDEX schedules_by_library ON schedules (library_id);

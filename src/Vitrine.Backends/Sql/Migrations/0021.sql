-- Whose rights were taken back, with a version of the store's sequence: servers forget what they remember of them. The user 0 stands for everybody.
CREATE TABLE withdrawals (
    user_id INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    at      INTEGER NOT NULL
) STRICT;
CREATE INDEX withdrawals_by_version ON withdrawals (version);
CREATE INDEX withdrawals_by_time ON withdrawals (at);

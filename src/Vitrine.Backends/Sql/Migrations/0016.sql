-- Who did what. It outlives users, keys and what it was done to: none of them is a foreign key.
CREATE TABLE audit (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    at      INTEGER NOT NULL,
    user_id INTEGER,
    name    TEXT NOT NULL,
    key_id  INTEGER,
    what    TEXT NOT NULL,
    target  TEXT,
    detail  TEXT
) STRICT;
CREATE INDEX audit_by_user ON audit (user_id, id);
CREATE INDEX audit_by_what ON audit (what, id);
CREATE INDEX audit_by_user_and_what ON audit (user_id, what, id);
CREATE INDEX audit_by_time ON audit (at);

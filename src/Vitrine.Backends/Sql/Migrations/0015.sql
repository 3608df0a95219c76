-- Who had an account before may go on downloading originals; for a new one it is asked.
ALTER TABLE users ADD COLUMN may_download INTEGER NOT NULL DEFAULT 1;
ALTER TABLE users ADD COLUMN disabled INTEGER NOT NULL DEFAULT 0;

-- Sessions are listed and revoked one by one, by an id that is no secret.
CREATE TABLE listed_sessions (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    token_hash BLOB NOT NULL UNIQUE,
    user_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    idle_limit INTEGER NOT NULL,
    agent      TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    seen_at    INTEGER NOT NULL
) STRICT;
INSERT INTO listed_sessions (token_hash, user_id, idle_limit, agent, created_at, seen_at)
    SELECT token_hash, user_id, idle_limit, '', seen_at, seen_at FROM sessions ORDER BY seen_at;
DROP TABLE sessions;
ALTER TABLE listed_sessions RENAME TO sessions;
CREATE INDEX sessions_by_user ON sessions (user_id, seen_at);

-- scopes: the sum of their numbers. A key whose time is over stays listed until it is revoked.
CREATE TABLE api_keys (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name       TEXT NOT NULL,
    token_hash BLOB NOT NULL UNIQUE,
    scopes     INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at    INTEGER
) STRICT;
CREATE INDEX api_keys_by_user ON api_keys (user_id, id);

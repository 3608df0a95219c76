-- Links that show one collection to whoever has them. token_hash: SHA-256 of the secret in the link, which is stored nowhere. A row is all there is of a link.
CREATE TABLE shares (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    token_hash    BLOB NOT NULL UNIQUE,
    collection_id INTEGER NOT NULL REFERENCES collections (id) ON DELETE CASCADE,
    user_id       INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    label         TEXT NOT NULL,
    created_at    INTEGER NOT NULL,
    expires_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX shares_by_user ON shares (user_id, id);
CREATE INDEX shares_by_collection ON shares (collection_id);

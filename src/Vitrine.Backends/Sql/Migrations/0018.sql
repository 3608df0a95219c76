-- Who a user is at an OpenID provider. The subject is the only name there that is never given to another person.
CREATE TABLE external_logins (
    issuer     TEXT NOT NULL,
    subject    TEXT NOT NULL,
    user_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (issuer, subject)
) STRICT, WITHOUT ROWID;
CREATE INDEX external_logins_by_user ON external_logins (user_id);

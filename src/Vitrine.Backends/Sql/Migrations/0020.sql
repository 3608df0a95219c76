-- How often somebody did what is limited, once for all servers: permits count until a time, and go then.
CREATE TABLE rate_permits (
    key     TEXT NOT NULL,
    permits INTEGER NOT NULL,
    until   INTEGER NOT NULL
) STRICT;
CREATE INDEX rate_permits_by_key ON rate_permits (key, until);
CREATE INDEX rate_permits_by_time ON rate_permits (until);

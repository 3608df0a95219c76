-- Open jobs in the order of their ids: a list of them reads no job that is over, however many there are of those.
DROP INDEX jobs_open;
CREATE INDEX jobs_open ON jobs (id) WHERE status < 2;

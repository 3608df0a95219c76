-- Open jobs in the order of their ids: a list of them reads no job that is over, however many there are of those.
CREATE INDEX jobs_open_by_id ON jobs (id) WHERE status < 2;

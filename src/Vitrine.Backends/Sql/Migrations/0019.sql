-- What people are told of a node, and which libraries it does not work on. labels: a list of texts; unable: a list of ids; both as JSON.
ALTER TABLE nodes ADD COLUMN version TEXT NOT NULL DEFAULT '';
ALTER TABLE nodes ADD COLUMN labels TEXT NOT NULL DEFAULT '[]';
ALTER TABLE nodes ADD COLUMN unable TEXT NOT NULL DEFAULT '[]';

-- Whose an alert is, so that nobody learns by it of a library that is not granted; and where on the server, which is for Admins alone.
ALTER TABLE alerts ADD COLUMN library_id INTEGER;
ALTER TABLE alerts ADD COLUMN path TEXT;
UPDATE alerts SET library_id = (SELECT l.id FROM libraries l WHERE alerts.subject = 'library/' || l.id) WHERE subject LIKE 'library/%';
UPDATE alerts SET library_id = (SELECT j.library_id FROM jobs j WHERE alerts.subject = 'job/' || j.id) WHERE subject LIKE 'job/%';
-- What named a path in its text, or is of what is gone. Where its cause stands it is raised anew.
DELETE FROM alerts
WHERE code = 'path-refused' OR code LIKE 'cache-%' OR (library_id IS NULL AND (subject LIKE 'library/%' OR subject LIKE 'job/%'));

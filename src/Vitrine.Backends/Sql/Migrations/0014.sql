-- Presets are rows. recipe: a number made of the parameters; a derivative keeps the number of the recipe that made it, and another number means that it is to be made anew.
-- retired_at: nothing makes or serves it any more, and its links go page by page, and it last.
CREATE TABLE presets (
    name        TEXT PRIMARY KEY,
    max_edge    INTEGER,
    format      INTEGER NOT NULL,
    quality     INTEGER NOT NULL,
    keep_frames INTEGER NOT NULL,
    recipe      INTEGER NOT NULL,
    retired_at  INTEGER
) STRICT, WITHOUT ROWID;
INSERT INTO presets (name, max_edge, format, quality, keep_frames, recipe) VALUES
    ('thumbnail', 320, 1, 80, 0, 262172826740325439),
    ('medium', 1080, 0, 85, 0, 2154436928612316430),
    ('display', 1920, 0, 85, 1, 8343763621715155204),
    ('full', NULL, 0, 90, 1, 6073122733258581839);

ALTER TABLE derivatives ADD COLUMN recipe INTEGER NOT NULL DEFAULT 0;
UPDATE derivatives SET recipe = (SELECT p.recipe FROM presets p WHERE p.name = derivatives.preset);
CREATE INDEX derivatives_by_preset ON derivatives (preset, image_id);
ALTER TABLE removed_derivatives ADD COLUMN recipe INTEGER NOT NULL DEFAULT 0;
UPDATE removed_derivatives SET recipe = (SELECT p.recipe FROM presets p WHERE p.name = removed_derivatives.preset);
CREATE INDEX removed_derivatives_by_preset ON removed_derivatives (preset, image_id);

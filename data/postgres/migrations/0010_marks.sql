-- Up Migration

-- By which a change has closed its keys, if it did so before it had the row's ID; else that ID is the mark.
ALTER TABLE pending_invalidations ADD COLUMN mark uuid;

-- Down Migration

ALTER TABLE pending_invalidations DROP COLUMN mark;

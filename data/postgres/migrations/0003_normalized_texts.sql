-- Up Migration

-- Whether a code's texts are in normalisation form C, as they are written and asked for. A tag holds no line feed.
CREATE FUNCTION is_nfc(name text, tags text[]) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT coalesce(name IS NFC NORMALIZED, true) AND array_to_string(tags, E'\n') IS NFC NORMALIZED $$;

-- Empty but for what an older version wrote: housekeeping finds it without reading all codes. The texts are brought into
-- form batch by batch; a change of the generated column would rewrite the table under a lock.
CREATE INDEX qr_codes_not_nfc ON qr_codes (qr_id) WHERE NOT is_nfc(name, tags);

-- Down Migration

DROP INDEX qr_codes_not_nfc;
DROP FUNCTION is_nfc;

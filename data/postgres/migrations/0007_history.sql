-- Up Migration

-- Grows by one with each change, deletion and restoration: `If-Match` compares it.
ALTER TABLE qr_codes ADD COLUMN version integer NOT NULL DEFAULT 1;

-- The tombstones of a tenant, in the order of `GET /qr?deleted=true`.
CREATE INDEX qr_codes_deleted ON qr_codes (tenant_id, deleted_at DESC, qr_id DESC) WHERE deleted_at IS NOT NULL;

-- Who says `qr.created` and its like are by. A relay that does not know the column publishes them without it.
ALTER TABLE event_outbox ADD COLUMN actor jsonb;

-- Each change of a code, written in its transaction. A month is dropped as a whole. The ID is the event's: it sorts by time.
CREATE TABLE code_history (
  id         uuid NOT NULL,
  changed_at timestamptz(3) NOT NULL,
  tenant_id  text COLLATE "C" NOT NULL,
  qr_id      text COLLATE "C" NOT NULL,
  change     text NOT NULL CHECK (change IN ('created', 'updated', 'deleted', 'restored', 'imported')),
  version    integer NOT NULL,
  actor      jsonb NOT NULL,
  -- By field: {"from": …, "to": …}.
  fields     jsonb NOT NULL,
  PRIMARY KEY (id, changed_at)
) PARTITION BY RANGE (changed_at);

CREATE INDEX code_history_code ON code_history (tenant_id, qr_id, changed_at DESC, id DESC);
CREATE INDEX code_history_tenant ON code_history (tenant_id, changed_at DESC, id DESC);

-- A change never fails because its month is missing: its entry waits here until the month is made.
CREATE TABLE code_history_rest PARTITION OF code_history DEFAULT;

CREATE FUNCTION create_history_partition(name text, first text, next text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF name !~ '^code_history_\d{4}_\d{2}$' THEN
    RAISE EXCEPTION '% is no partition of code_history', name USING ERRCODE = 'insufficient_privilege';
  END IF;
  EXECUTE format('CREATE TABLE %I (LIKE code_history INCLUDING ALL)', name);
  -- A change that already chose the rest would not fit it once the month is there: it waits before it chooses.
  LOCK TABLE code_history IN SHARE ROW EXCLUSIVE MODE;
  LOCK TABLE code_history_rest IN ACCESS EXCLUSIVE MODE;
  EXECUTE format('WITH moved AS (DELETE FROM code_history_rest WHERE changed_at >= %L AND changed_at < %L RETURNING *)
    INSERT INTO %I SELECT * FROM moved', first, next, name);
  EXECUTE format('ALTER TABLE code_history ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', name, first, next);
END $$;

CREATE FUNCTION drop_history_partition(name text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF name !~ '^code_history_\d{4}_\d{2}$' OR NOT EXISTS (SELECT FROM pg_inherits
      WHERE inhrelid = to_regclass(quote_ident(name)) AND inhparent = 'code_history'::regclass) THEN
    RAISE EXCEPTION '% holds no month of history', name USING ERRCODE = 'insufficient_privilege';
  END IF;
  EXECUTE format('DROP TABLE %I', name);
END $$;

REVOKE EXECUTE ON FUNCTION create_history_partition(text, text, text), drop_history_partition(text) FROM PUBLIC;

-- Down Migration

DROP FUNCTION create_history_partition(text, text, text), drop_history_partition(text);
DROP TABLE code_history;
ALTER TABLE event_outbox DROP COLUMN actor;
DROP INDEX qr_codes_deleted;
ALTER TABLE qr_codes DROP COLUMN version;

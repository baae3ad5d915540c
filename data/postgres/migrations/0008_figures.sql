-- Up Migration

-- Figures across codes, hours in any time zone, and single scans by code and by tenant.

-- Local hours and days of every time zone are made of quarters of an hour: all offsets in use are multiples of 15 minutes.
-- Bots are in `bots` alone, here as in the figures by day.
CREATE TABLE scan_quarters (
  qr_id   text COLLATE "C" NOT NULL,
  quarter timestamptz(0) NOT NULL,
  scans   integer NOT NULL,
  bots    integer NOT NULL,
  PRIMARY KEY (qr_id, quarter)
) PARTITION BY RANGE (quarter);

CREATE TABLE tenant_quarters (
  tenant_id text COLLATE "C" NOT NULL,
  quarter   timestamptz(0) NOT NULL,
  scans     integer NOT NULL,
  bots      integer NOT NULL,
  PRIMARY KEY (tenant_id, quarter)
) PARTITION BY RANGE (quarter);

-- A person who scans several codes of a tenant on a day is one visitor of the tenant.
CREATE TABLE tenant_visitors (
  tenant_id text COLLATE "C" NOT NULL,
  day       date NOT NULL,
  visitor   text COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant_id, day, visitor)
) PARTITION BY RANGE (day);

-- A tenant's codes by their scans of a day. The index holds the magnitude, four steps to a doubling: most scans leave it
-- as it is, so that their update touches no index.
CREATE TABLE code_ranks (
  tenant_id text COLLATE "C" NOT NULL,
  day       date NOT NULL,
  qr_id     text COLLATE "C" NOT NULL,
  scans     integer NOT NULL CHECK (scans > 0),
  magnitude smallint GENERATED ALWAYS AS (floor(4 * ln(scans::float8) / ln(2::float8))::smallint) STORED,
  PRIMARY KEY (qr_id, day)
) PARTITION BY RANGE (day);
CREATE INDEX code_ranks_highest ON code_ranks (tenant_id, day, magnitude DESC);

-- The figures of a tenant that outlive the events.
CREATE TABLE tenant_totals (
  tenant_id       text COLLATE "C" PRIMARY KEY,
  scans           bigint NOT NULL,
  bots            bigint NOT NULL,
  last_scanned_at timestamptz(3)
) WITH (fillfactor = 70);

CREATE TABLE tenant_days (
  tenant_id       text COLLATE "C" NOT NULL,
  day             date NOT NULL,
  scans           bigint NOT NULL,
  bots            bigint NOT NULL,
  unique_visitors bigint NOT NULL,
  PRIMARY KEY (tenant_id, day)
) WITH (fillfactor = 70);

CREATE TABLE tenant_dimensions (
  tenant_id text COLLATE "C" NOT NULL,
  day       date NOT NULL,
  dimension text COLLATE "C" NOT NULL CHECK (dimension IN ('country', 'device', 'os', 'browser', 'referrer')),
  value     text COLLATE "C" NOT NULL,
  scans     bigint NOT NULL,
  PRIMARY KEY (tenant_id, day, dimension, value)
) WITH (fillfactor = 70);

-- Codes that exist and that no person has scanned.
CREATE TABLE unscanned_codes (
  qr_id      text COLLATE "C" PRIMARY KEY,
  tenant_id  text COLLATE "C" NOT NULL,
  created_at timestamptz(3) NOT NULL
);
CREATE INDEX unscanned_codes_oldest ON unscanned_codes (tenant_id, created_at, qr_id);

-- The months of these tables are those of the scans: whoever makes or drops a month of scans does it for all of them,
-- and so does a version of the service that knows nothing of them.
CREATE FUNCTION scan_month_siblings() RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT '{scan_quarters,tenant_quarters,tenant_visitors,code_ranks}'::text[] $$;

CREATE FUNCTION create_sibling_partitions(month text, first text, next text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE sibling text;
BEGIN
  FOREACH sibling IN ARRAY scan_month_siblings() LOOP
    EXECUTE format('CREATE TABLE IF NOT EXISTS %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L) WITH (fillfactor = %s)',
      sibling || '_' || month, sibling, first, next, CASE sibling WHEN 'tenant_visitors' THEN 100 ELSE 70 END);
  END LOOP;
END $$;

CREATE OR REPLACE FUNCTION create_scan_partition(parent text, name text, first text, next text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF parent NOT IN ('scan_events', 'scan_visitors') OR name !~ ('^' || parent || '_\d{4}_\d{2}$') THEN
    RAISE EXCEPTION '% is no partition of %', name, parent USING ERRCODE = 'insufficient_privilege';
  END IF;
  EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)', name, parent, first, next);
  IF parent = 'scan_events' THEN PERFORM create_sibling_partitions(right(name, 7), first, next); END IF;
END $$;

CREATE OR REPLACE FUNCTION drop_scan_partition(name text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE sibling text;
BEGIN
  IF NOT EXISTS (SELECT FROM pg_inherits WHERE inhrelid = to_regclass(quote_ident(name))
      AND inhparent IN ('scan_events'::regclass, 'scan_visitors'::regclass)) THEN
    RAISE EXCEPTION '% holds no month of scans', name USING ERRCODE = 'insufficient_privilege';
  END IF;
  EXECUTE format('DROP TABLE %I', name);
  IF name ~ '^scan_events_\d{4}_\d{2}$' THEN
    FOREACH sibling IN ARRAY scan_month_siblings() LOOP
      EXECUTE format('DROP TABLE IF EXISTS %I', sibling || '_' || right(name, 7));
    END LOOP;
  END IF;
END $$;

-- The roll-ups of new scans, in the transaction that stores them, whichever version of the service does: a scan that was
-- stored before is not among `fresh`. Last in its statement, so that a tenant's rows, which all batches of the tenant
-- share, are locked for as short as possible; each part goes by the order of its key, as the statement's own parts do.
CREATE FUNCTION roll_up_scans() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM fresh) THEN RETURN NULL; END IF;

  INSERT INTO scan_quarters AS q (qr_id, quarter, scans, bots)
  SELECT qr_id, date_bin('15 minutes', occurred_at, 'epoch'), count(*) FILTER (WHERE NOT bot), count(*) FILTER (WHERE bot)
  FROM fresh GROUP BY 1, 2 ORDER BY 1, 2
  ON CONFLICT (qr_id, quarter) DO UPDATE SET scans = q.scans + excluded.scans, bots = q.bots + excluded.bots;

  INSERT INTO code_ranks AS r (tenant_id, day, qr_id, scans)
  SELECT min(tenant_id), (occurred_at AT TIME ZONE 'UTC')::date, qr_id, count(*)
  FROM fresh WHERE NOT bot GROUP BY 2, 3 ORDER BY 3, 2
  ON CONFLICT (qr_id, day) DO UPDATE SET scans = r.scans + excluded.scans;

  INSERT INTO tenant_quarters AS q (tenant_id, quarter, scans, bots)
  SELECT tenant_id, date_bin('15 minutes', occurred_at, 'epoch'), count(*) FILTER (WHERE NOT bot),
    count(*) FILTER (WHERE bot)
  FROM fresh GROUP BY 1, 2 ORDER BY 1, 2
  ON CONFLICT (tenant_id, quarter) DO UPDATE SET scans = q.scans + excluded.scans, bots = q.bots + excluded.bots;

  WITH first_seen AS (
    INSERT INTO tenant_visitors (tenant_id, day, visitor)
    SELECT DISTINCT tenant_id, (occurred_at AT TIME ZONE 'UTC')::date, visitor FROM fresh WHERE NOT bot ORDER BY 1, 2, 3
    ON CONFLICT DO NOTHING
    RETURNING tenant_id, day
  ), new_visitors AS (
    SELECT tenant_id, day, count(*) AS visitors FROM first_seen GROUP BY 1, 2
  ), days AS (
    SELECT tenant_id, (occurred_at AT TIME ZONE 'UTC')::date AS day, count(*) FILTER (WHERE NOT bot) AS scans,
      count(*) FILTER (WHERE bot) AS bots
    FROM fresh GROUP BY 1, 2
  )
  INSERT INTO tenant_days AS d (tenant_id, day, scans, bots, unique_visitors)
  SELECT tenant_id, day, scans, bots, coalesce(visitors, 0) FROM days LEFT JOIN new_visitors USING (tenant_id, day)
  ORDER BY tenant_id, day
  ON CONFLICT (tenant_id, day) DO UPDATE SET scans = d.scans + excluded.scans, bots = d.bots + excluded.bots,
    unique_visitors = d.unique_visitors + excluded.unique_visitors;

  INSERT INTO tenant_dimensions AS c (tenant_id, day, dimension, value, scans)
  SELECT tenant_id, (occurred_at AT TIME ZONE 'UTC')::date, dimension, value, count(*)
  FROM fresh, LATERAL (VALUES ('country', country), ('device', device), ('os', os), ('browser', browser),
    ('referrer', referrer_host)) AS named(dimension, value)
  WHERE NOT bot AND value IS NOT NULL
  GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
  ON CONFLICT (tenant_id, day, dimension, value) DO UPDATE SET scans = c.scans + excluded.scans;

  INSERT INTO tenant_totals AS t (tenant_id, scans, bots, last_scanned_at)
  SELECT tenant_id, count(*) FILTER (WHERE NOT bot), count(*) FILTER (WHERE bot),
    max(occurred_at) FILTER (WHERE NOT bot)
  FROM fresh GROUP BY tenant_id ORDER BY tenant_id
  ON CONFLICT (tenant_id) DO UPDATE SET scans = t.scans + excluded.scans, bots = t.bots + excluded.bots,
    last_scanned_at = greatest(t.last_scanned_at, excluded.last_scanned_at);

  RETURN NULL;
END $$;

-- Single scans, oldest first: of a code and of a tenant.
CREATE INDEX scan_events_of_code ON scan_events (qr_id, occurred_at, event_id);
CREATE INDEX scan_events_of_tenant ON scan_events (tenant_id, occurred_at, event_id);

-- From here to the end of the migration no scan is stored, so that each is rolled up once: by the trigger, or below.
-- Consumers wait; scans are taken as always.
CREATE TRIGGER scan_events_roll_up AFTER INSERT ON scan_events
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION roll_up_scans();

-- The months that exist, and how far back the roll-ups that need single scans are filled: to the oldest month of the
-- newest 4 GB, about 20 million scans.
DO $$
DECLARE
  month record;
  oldest timestamptz := 'infinity';
BEGIN
  FOR month IN
    SELECT right(relname, 7) AS name, make_timestamptz(left(right(relname, 7), 4)::int, right(relname, 2)::int, 1, 0, 0, 0, 'UTC')
        AS starts, sum(pg_table_size(c.oid)) OVER (ORDER BY relname DESC) AS bytes
    FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid
    WHERE inhparent = 'scan_events'::regclass AND relname ~ '^scan_events_\d{4}_\d{2}$' ORDER BY relname DESC
  LOOP
    PERFORM create_sibling_partitions(month.name, to_char(month.starts AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"00:00:00"Z"'),
      to_char((month.starts AT TIME ZONE 'UTC') + interval '1 month', 'YYYY-MM-DD"T"00:00:00"Z"'));
    IF month.bytes <= 4::bigint * 1024 * 1024 * 1024 THEN oldest := month.starts; END IF;
  END LOOP;

  INSERT INTO scan_quarters (qr_id, quarter, scans, bots)
  SELECT qr_id, date_bin('15 minutes', occurred_at, 'epoch'), count(*) FILTER (WHERE NOT bot), count(*) FILTER (WHERE bot)
  FROM scan_events WHERE occurred_at >= oldest GROUP BY 1, 2;

  INSERT INTO tenant_quarters (tenant_id, quarter, scans, bots)
  SELECT tenant_id, date_bin('15 minutes', occurred_at, 'epoch'), count(*) FILTER (WHERE NOT bot),
    count(*) FILTER (WHERE bot)
  FROM scan_events WHERE occurred_at >= oldest GROUP BY 1, 2;

  INSERT INTO tenant_visitors (tenant_id, day, visitor)
  SELECT DISTINCT tenant_id, (occurred_at AT TIME ZONE 'UTC')::date, visitor
  FROM scan_events WHERE occurred_at >= oldest AND NOT bot;

  INSERT INTO code_ranks (tenant_id, day, qr_id, scans)
  SELECT min(tenant_id), (occurred_at AT TIME ZONE 'UTC')::date, qr_id, count(*)
  FROM scan_events WHERE occurred_at >= oldest AND NOT bot GROUP BY 2, 3;

  -- A day's visitors from before that are the sum of its codes' visitors: who scanned two codes counts twice.
  INSERT INTO tenant_days (tenant_id, day, scans, bots, unique_visitors)
  SELECT tenant_id, day, sum(scans), sum(bots), coalesce(
    (SELECT count(*) FROM tenant_visitors v WHERE v.tenant_id = q.tenant_id AND v.day = d.day AND d.day >= oldest),
    0) + CASE WHEN day < oldest THEN sum(unique_visitors) ELSE 0 END
  FROM scan_days d JOIN qr_codes q USING (qr_id) GROUP BY tenant_id, day;
END $$;

INSERT INTO tenant_dimensions (tenant_id, day, dimension, value, scans)
SELECT tenant_id, day, dimension, value, sum(scans)
FROM scan_dimensions JOIN qr_codes USING (qr_id) GROUP BY 1, 2, 3, 4;

INSERT INTO tenant_totals (tenant_id, scans, bots, last_scanned_at)
SELECT tenant_id, sum(scans), sum(bots), max(last_scanned_at)
FROM scan_totals JOIN qr_codes USING (qr_id) GROUP BY 1;

-- Who has not been scanned: codes come and go with qr_codes, and go for good with their first scan.
CREATE FUNCTION note_new_codes() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO unscanned_codes (qr_id, tenant_id, created_at)
  SELECT qr_id, tenant_id, created_at FROM created c
  WHERE deleted_at IS NULL AND NOT EXISTS (SELECT FROM scan_totals t WHERE t.qr_id = c.qr_id AND t.scans > 0)
  ORDER BY qr_id ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;

CREATE FUNCTION note_deleted_code() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.deleted_at IS NOT NULL THEN DELETE FROM unscanned_codes WHERE qr_id = NEW.qr_id;
  ELSIF NOT EXISTS (SELECT FROM scan_totals WHERE qr_id = NEW.qr_id AND scans > 0) THEN
    INSERT INTO unscanned_codes VALUES (NEW.qr_id, NEW.tenant_id, NEW.created_at) ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION note_first_scan() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  DELETE FROM unscanned_codes WHERE qr_id = NEW.qr_id;
  RETURN NULL;
END $$;

CREATE TRIGGER scan_totals_first AFTER INSERT ON scan_totals
  FOR EACH ROW WHEN (NEW.scans > 0) EXECUTE FUNCTION note_first_scan();
CREATE TRIGGER scan_totals_first_after_bots AFTER UPDATE ON scan_totals
  FOR EACH ROW WHEN (OLD.scans = 0 AND NEW.scans > 0) EXECUTE FUNCTION note_first_scan();

-- Last, since changes of codes wait from here to the end of the migration.
CREATE TRIGGER qr_codes_created AFTER INSERT ON qr_codes
  REFERENCING NEW TABLE AS created FOR EACH STATEMENT EXECUTE FUNCTION note_new_codes();
CREATE TRIGGER qr_codes_deleted AFTER UPDATE ON qr_codes
  FOR EACH ROW WHEN ((OLD.deleted_at IS NULL) <> (NEW.deleted_at IS NULL)) EXECUTE FUNCTION note_deleted_code();

INSERT INTO unscanned_codes (qr_id, tenant_id, created_at)
SELECT qr_id, tenant_id, created_at FROM qr_codes c
WHERE deleted_at IS NULL AND NOT EXISTS (SELECT FROM scan_totals t WHERE t.qr_id = c.qr_id AND t.scans > 0);

REVOKE EXECUTE ON FUNCTION create_sibling_partitions(text, text, text) FROM PUBLIC;

-- Down Migration

DROP TRIGGER qr_codes_created ON qr_codes;
DROP TRIGGER qr_codes_deleted ON qr_codes;
DROP TRIGGER scan_totals_first ON scan_totals;
DROP TRIGGER scan_totals_first_after_bots ON scan_totals;
DROP TRIGGER scan_events_roll_up ON scan_events;
DROP FUNCTION note_new_codes(), note_deleted_code(), note_first_scan(), roll_up_scans();

CREATE OR REPLACE FUNCTION create_scan_partition(parent text, name text, first text, next text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF parent NOT IN ('scan_events', 'scan_visitors') OR name !~ ('^' || parent || '_\d{4}_\d{2}$') THEN
    RAISE EXCEPTION '% is no partition of %', name, parent USING ERRCODE = 'insufficient_privilege';
  END IF;
  EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)', name, parent, first, next);
END $$;

CREATE OR REPLACE FUNCTION drop_scan_partition(name text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_inherits WHERE inhrelid = to_regclass(quote_ident(name))
      AND inhparent IN ('scan_events'::regclass, 'scan_visitors'::regclass)) THEN
    RAISE EXCEPTION '% holds no month of scans', name USING ERRCODE = 'insufficient_privilege';
  END IF;
  EXECUTE format('DROP TABLE %I', name);
END $$;

DROP FUNCTION create_sibling_partitions(text, text, text), scan_month_siblings();
DROP INDEX scan_events_of_code, scan_events_of_tenant;
DROP TABLE unscanned_codes, tenant_dimensions, tenant_days, tenant_totals, code_ranks, tenant_visitors, tenant_quarters,
  scan_quarters;

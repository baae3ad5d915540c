-- Up Migration

-- The months of scans, for a role that owns no table. They run with the rights of whoever migrates, and touch nothing but
-- partitions of the two tables that are kept by the month.

CREATE FUNCTION create_scan_partition(parent text, name text, first text, next text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF parent NOT IN ('scan_events', 'scan_visitors') OR name !~ ('^' || parent || '_\d{4}_\d{2}$') THEN
    RAISE EXCEPTION '% is no partition of %', name, parent USING ERRCODE = 'insufficient_privilege';
  END IF;
  EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)', name, parent, first, next);
END $$;

CREATE FUNCTION drop_scan_partition(name text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_inherits WHERE inhrelid = to_regclass(quote_ident(name))
      AND inhparent IN ('scan_events'::regclass, 'scan_visitors'::regclass)) THEN
    RAISE EXCEPTION '% holds no month of scans', name USING ERRCODE = 'insufficient_privilege';
  END IF;
  EXECUTE format('DROP TABLE %I', name);
END $$;

REVOKE EXECUTE ON FUNCTION create_scan_partition(text, text, text, text), drop_scan_partition(text)
  FROM PUBLIC;

-- Down Migration

DROP FUNCTION create_scan_partition(text, text, text, text), drop_scan_partition(text);

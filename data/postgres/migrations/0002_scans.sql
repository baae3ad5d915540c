-- Up Migration

-- The event table replaces its number by the event's own ID: UUIDv7 sorts by time, so that events which came by
-- different ways (captured here, spilled from the stream) leave in the order in which they happened.
DROP TABLE event_outbox;
CREATE TABLE event_outbox (
  event_id    uuid PRIMARY KEY,
  type        text NOT NULL,
  occurred_at timestamptz(3) NOT NULL,
  tenant_id   text NOT NULL,
  qr_id       text NOT NULL,
  payload     jsonb NOT NULL
);

-- Scans as they were, for as long as the retention says. A month is dropped as a whole. An event always carries the
-- same time, so that the key finds its second delivery.
CREATE TABLE scan_events (
  event_id      uuid NOT NULL,
  occurred_at   timestamptz(3) NOT NULL,
  tenant_id     text COLLATE "C" NOT NULL,
  qr_id         text COLLATE "C" NOT NULL,
  target_url    text NOT NULL,
  bot           boolean NOT NULL,
  country       text,
  device        text NOT NULL,
  os            text NOT NULL,
  browser       text NOT NULL,
  referrer_host text,
  visitor       text NOT NULL,
  PRIMARY KEY (event_id, occurred_at)
) PARTITION BY RANGE (occurred_at);

-- Who was seen on which day, to count a visitor once.
CREATE TABLE scan_visitors (
  qr_id   text COLLATE "C" NOT NULL,
  day     date NOT NULL,
  visitor text COLLATE "C" NOT NULL,
  PRIMARY KEY (qr_id, day, visitor)
) PARTITION BY RANGE (day);

-- The figures that outlive the events. Bots are in `bots` alone.
CREATE TABLE scan_totals (
  qr_id           text COLLATE "C" PRIMARY KEY,
  scans           bigint NOT NULL,
  bots            bigint NOT NULL,
  last_scanned_at timestamptz(3)
) WITH (fillfactor = 70);

CREATE TABLE scan_days (
  qr_id           text COLLATE "C" NOT NULL,
  day             date NOT NULL,
  scans           bigint NOT NULL,
  bots            bigint NOT NULL,
  unique_visitors bigint NOT NULL,
  PRIMARY KEY (qr_id, day)
) WITH (fillfactor = 70);

CREATE TABLE scan_dimensions (
  qr_id     text COLLATE "C" NOT NULL,
  day       date NOT NULL,
  dimension text COLLATE "C" NOT NULL CHECK (dimension IN ('country', 'device', 'os', 'browser', 'referrer')),
  value     text COLLATE "C" NOT NULL,
  scans     bigint NOT NULL,
  PRIMARY KEY (qr_id, day, dimension, value)
) WITH (fillfactor = 70);

-- Records that could not be understood, and events that could not be published.
CREATE TABLE dead_letters (
  topic      text NOT NULL,
  partition  integer NOT NULL,
  "offset"   text NOT NULL,
  reason     text NOT NULL,
  key        text,
  value      text,
  -- A topic that is made anew starts at offset 0 again: the place alone does not name a record.
  value_hash text GENERATED ALWAYS AS (md5(coalesce(value, ''))) STORED,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (topic, partition, "offset", value_hash)
);

-- Down Migration

DROP TABLE dead_letters, scan_dimensions, scan_days, scan_totals, scan_visitors, scan_events;

-- Up Migration

CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gin;

-- IDs compare by byte: a keyset cursor must not depend on the server's locale. Their length is checked apart, since
-- {3,64} makes a pattern several times slower.
CREATE TABLE qr_codes (
  qr_id        text COLLATE "C" PRIMARY KEY CHECK (qr_id ~ '^[A-Za-z0-9_-]+$' AND length(qr_id) BETWEEN 3 AND 64),
  tenant_id    text COLLATE "C" NOT NULL CHECK (tenant_id ~ '^[A-Za-z0-9_-]+$' AND length(tenant_id) <= 64),
  target_url   text NOT NULL,
  name         text,
  tags         text[] NOT NULL DEFAULT '{}',
  status       text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'paused')),
  starts_at    timestamptz(3),
  expires_at   timestamptz(3),
  max_scans    integer CHECK (max_scans > 0),
  fallback_url text,
  created_at   timestamptz(3) NOT NULL,
  updated_at   timestamptz(3) NOT NULL,
  -- A tombstone: the row stays, so that the ID is never issued again and a printed code still finds its fallback.
  deleted_at   timestamptz(3),
  live_status  text GENERATED ALWAYS AS (CASE WHEN deleted_at IS NULL THEN status END) STORED,
  search       text GENERATED ALWAYS AS (coalesce(name, '') || E'\n' || target_url || E'\n' || qr_id) STORED,
  CONSTRAINT window_order CHECK (expires_at > starts_at)
);

CREATE INDEX qr_codes_newest ON qr_codes (tenant_id, created_at DESC, qr_id DESC) WHERE deleted_at IS NULL;

-- Not a partial index: the planner would not apply the statistics below to it.
CREATE INDEX qr_codes_status ON qr_codes (tenant_id, live_status, created_at DESC, qr_id DESC);

-- All filters in one index with the tenant: it reads the codes that match all of them, and never walks another
-- tenant's.
CREATE INDEX qr_codes_matches ON qr_codes USING gin (tenant_id, live_status, tags, search gin_trgm_ops)
  WHERE deleted_at IS NULL;

-- How many codes a tenant has, and in which status, is told tenant by tenant for the largest ones: what is common in
-- the table may be rare in a tenant, and the other way round.
ALTER TABLE qr_codes ALTER COLUMN tenant_id SET STATISTICS 1000;
CREATE STATISTICS qr_codes_tenant_status (mcv) ON tenant_id, live_status FROM qr_codes;

-- Tags and texts can't be told by tenant. Figures of the whole table would lead the planner through all codes of a
-- tenant that has none of what they call common; without figures it takes the index that fits the filter, and the
-- query sees for itself what is common (list-query.ts).
ALTER TABLE qr_codes ALTER COLUMN tags SET STATISTICS 0, ALTER COLUMN search SET STATISTICS 0;

CREATE TABLE idempotency_keys (
  tenant_id  text COLLATE "C" NOT NULL,
  key        text COLLATE "C" NOT NULL,
  body_hash  text NOT NULL,
  code       jsonb,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, key)
);

-- Events that did not go through the Redis stream: changes of codes, and scans taken while Redis was down.
CREATE TABLE event_outbox (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  event_id    uuid NOT NULL UNIQUE,
  type        text NOT NULL,
  occurred_at timestamptz(3) NOT NULL,
  tenant_id   text NOT NULL,
  qr_id       text NOT NULL,
  payload     jsonb NOT NULL
);

-- Written with the change, deleted when Redis has confirmed that the cache forgot the old value.
CREATE TABLE pending_invalidations (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tenant_id  text NOT NULL,
  qr_id      text NOT NULL,
  deleted    boolean NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

-- Down Migration

DROP TABLE pending_invalidations, event_outbox, idempotency_keys, qr_codes;

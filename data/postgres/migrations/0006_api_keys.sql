-- Up Migration

-- A revoked key's row stays, so that what it did can still be told whose it was.
CREATE TABLE api_keys (
  key_id       text COLLATE "C" PRIMARY KEY CHECK (key_id ~ '^[0-9A-Za-z]{16}$'),
  tenant_id    text COLLATE "C" NOT NULL CHECK (tenant_id ~ '^[A-Za-z0-9_-]+$' AND length(tenant_id) <= 64),
  -- SHA-256 of the key, in hexadecimal.
  hash         text NOT NULL CHECK (hash ~ '^[0-9a-f]{64}$'),
  name         text NOT NULL,
  scopes       text[] NOT NULL,
  created_by   jsonb NOT NULL,
  created_at   timestamptz(3) NOT NULL,
  expires_at   timestamptz(3),
  last_used_at timestamptz(3),
  revoked_at   timestamptz(3)
);

CREATE INDEX api_keys_live ON api_keys (tenant_id, created_at DESC, key_id) WHERE revoked_at IS NULL;

-- Down Migration

DROP TABLE api_keys;

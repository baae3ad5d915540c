-- Up Migration

-- How a code's picture looks, and whether its scan URL is written in capitals. No scan reads either.
ALTER TABLE qr_codes ADD COLUMN style jsonb, ADD COLUMN alphanumeric boolean NOT NULL DEFAULT false;

-- The style of a tenant's codes that say nothing of their own.
CREATE TABLE tenant_styles (
  tenant_id  text COLLATE "C" PRIMARY KEY,
  style      jsonb NOT NULL,
  updated_at timestamptz(3) NOT NULL
);

-- Logos as this service has redrawn them: PNGs of 256 KiB at most, a hundred to a tenant.
CREATE TABLE logos (
  tenant_id  text COLLATE "C" NOT NULL,
  name       text COLLATE "C" NOT NULL,
  png        bytea NOT NULL CHECK (octet_length(png) <= 262144),
  width      integer NOT NULL CHECK (width > 0),
  height     integer NOT NULL CHECK (height > 0),
  -- Of the PNG, in base64url: what a picture's tag depends on.
  digest     text NOT NULL,
  created_at timestamptz(3) NOT NULL,
  updated_at timestamptz(3) NOT NULL,
  PRIMARY KEY (tenant_id, name)
);

-- A PNG does not get smaller.
ALTER TABLE logos ALTER COLUMN png SET STORAGE EXTERNAL;

-- Down Migration

DROP TABLE logos, tenant_styles;
ALTER TABLE qr_codes DROP COLUMN style, DROP COLUMN alphanumeric;

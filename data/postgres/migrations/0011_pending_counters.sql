-- Up Migration

-- Codes whose counters Redis could not be made to raise to the durable figures. The relay raises them once it can.
CREATE TABLE pending_counters (
  qr_id text PRIMARY KEY,
  -- A new one whenever the code is stored again: only what is not newer than a raise is deleted after it.
  id bigint GENERATED ALWAYS AS IDENTITY
);

-- Down Migration

DROP TABLE pending_counters;

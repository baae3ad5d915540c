-- Up Migration

-- Only of a scan that is sampled for tracing; see core/telemetry/traces.ts.
ALTER TABLE event_outbox ADD COLUMN traceparent text;

-- Down Migration

ALTER TABLE event_outbox DROP COLUMN traceparent;

import type { QrEvent } from "../../core/events/schema.ts";

const envelope = {
  eventId: "0197f1d2-6c00-7000-8000-000000000001",
  version: 1,
  occurredAt: "2026-07-01T09:30:00.123Z",
  tenantId: "tenant_acme",
  qrId: "spring-menu",
} as const;

const state = { targetUrl: "https://example.com/spring", status: "active" } as const;

const byActor = {
  ...envelope,
  version: 2,
  actor: { type: "user", id: "5f0c1a52-7d1e-4a1c-9b7e-0d1f4c2f8a10", name: "Ada" },
} as const;

/** One event of each version, by its name. */
export const eventExamples: Readonly<Record<string, QrEvent>> = {
  "qr.scanned.v1": {
    ...envelope,
    type: "qr.scanned",
    targetUrl: state.targetUrl,
    bot: false,
    country: "DE",
    device: "mobile",
    os: "iOS",
    browser: "Safari",
    referrerHost: null,
    visitor: "sIoK9JYkzC1dR2Qe",
  },
  "qr.created.v1": { ...envelope, type: "qr.created", ...state },
  "qr.updated.v1": { ...envelope, type: "qr.updated", ...state },
  "qr.deleted.v1": { ...envelope, type: "qr.deleted" },
  "qr.created.v2": { ...byActor, type: "qr.created", ...state },
  "qr.updated.v2": { ...byActor, type: "qr.updated", ...state },
  "qr.deleted.v2": { ...byActor, type: "qr.deleted" },
  "qr.restored.v1": { ...byActor, version: 1, type: "qr.restored", ...state },
};

import { describe, expect, it } from "vitest";
import { publishedEvent } from "../../core/events/published-event.ts";
import { PERSON } from "../support/person.ts";

const waiting = {
  eventId: "01930000-0000-7000-8000-000000000001",
  occurredAt: new Date("2026-03-01T12:00:00.000Z"),
  tenantId: "tenant_a",
  qrId: "qr_1",
  payload: { targetUrl: "https://example.com/", status: "active" },
};
const state = { targetUrl: "https://example.com/", status: "active" };

describe("a change that waits in the outbox", () => {
  it.each([
    ["qr.created", 2, state],
    ["qr.updated", 2, state],
    ["qr.deleted", 2, {}],
    ["qr.restored", 1, state],
  ])("%s is published in version %i, with who made it", (type, version, payload) => {
    expect(publishedEvent({ ...waiting, type, payload, actor: PERSON })).toEqual({
      ...{ ...waiting, occurredAt: "2026-03-01T12:00:00.000Z", type, version, actor: PERSON },
      ...{ payload: undefined, ...payload },
    });
  });

  it.each([
    ["qr.created", state],
    ["qr.updated", state],
    ["qr.deleted", {}],
  ])("%s of a service that did not say who is published in version 1", (type, payload) => {
    const event = publishedEvent({ ...waiting, type, payload, actor: null });
    expect(event).toMatchObject({ type, version: 1 });
    expect(event).not.toHaveProperty("actor");
  });
});

import { describe, expect, it } from "vitest";
import { parseEvent } from "../../core/events/schema.ts";
import { scannedEvent } from "../support/scan-events.ts";

const ENVELOPE = {
  eventId: "01930000-0000-7000-8000-000000000001",
  version: 1,
  occurredAt: "2026-03-01T12:00:00.000Z",
  tenantId: "tenant_a",
  qrId: "qr_1",
};
const SCANNED = scannedEvent({ ...ENVELOPE, version: 1, referrerHost: "example.org" });
const CREATED = { ...ENVELOPE, type: "qr.created", targetUrl: "https://example.com/", status: "active" };

const ACTOR = { type: "user", id: "user-1", name: "Ada" };

const parse = (event: unknown) => parseEvent(JSON.stringify(event));

/** Why a record is refused. */
function refusal(record: string): string {
  try {
    parseEvent(record);
  } catch (error) {
    return (error as Error).message;
  }
  return "it is accepted";
}

describe("an event", () => {
  it.each([
    ["qr.scanned", SCANNED],
    ["qr.scanned, of which little is known", { ...SCANNED, country: null, referrerHost: null, bot: true }],
    ["qr.created", CREATED],
    ["qr.updated", { ...CREATED, type: "qr.updated", status: "paused" }],
    ["qr.deleted", { ...ENVELOPE, type: "qr.deleted" }],
    ["qr.created by somebody", { ...CREATED, version: 2, actor: ACTOR }],
    ["qr.updated by a key", { ...CREATED, type: "qr.updated", version: 2, actor: { ...ACTOR, type: "key" } }],
    [
      "qr.deleted by somebody nameless",
      { ...ENVELOPE, type: "qr.deleted", version: 2, actor: { ...ACTOR, name: null } },
    ],
    ["qr.restored", { ...CREATED, type: "qr.restored", actor: ACTOR }],
  ])("%s is read as it was written", (_name, event) => {
    expect(parse(event)).toEqual(event);
  });

  it("may hold any text, up to the length of the longest target", () => {
    const event = {
      ...SCANNED,
      targetUrl: `https://example.com/${"x".repeat(2_028)}`,
      browser: "ブラウザ 😀",
    };
    expect(parse(event)).toEqual(event);
  });
});

describe("a record is refused with the place that is wrong,", () => {
  const { visitor: _visitor, ...withoutVisitor } = SCANNED;
  const { qrId: _qrId, ...withoutCode } = SCANNED;

  it.each([
    ["an unknown type", { ...SCANNED, type: "qr.printed" }, "type"],
    ["no type", { ...ENVELOPE }, "type"],
    ["version 2", { ...SCANNED, version: 2 }, "version"],
    ["the version as text", { ...SCANNED, version: "1" }, "version"],
    ["an actor in version 1", { ...CREATED, actor: ACTOR }, "the root"],
    ["version 2 without an actor", { ...CREATED, version: 2 }, "actor"],
    ["version 3 of a change", { ...CREATED, version: 3, actor: ACTOR }, "version"],
    [
      "an actor of another kind",
      { ...CREATED, version: 2, actor: { ...ACTOR, type: "robot" } },
      "actor.type",
    ],
    ["a missing field", withoutVisitor, "visitor"],
    ["a missing code", withoutCode, "qrId"],
    ["a field of the wrong type", { ...SCANNED, bot: "false" }, "bot"],
    ["an unknown field", { ...SCANNED, userAgent: "secret" }, "the root"],
    ["a field of another type", { ...ENVELOPE, type: "qr.deleted", status: "active" }, "the root"],
    ["an event ID that is no UUID", { ...SCANNED, eventId: "1" }, "eventId"],
    ["a code that no key could hold", { ...SCANNED, qrId: "a:b" }, "qrId"],
    ["a tenant that is a pattern", { ...SCANNED, tenantId: "*" }, "tenantId"],
    ["a time without a zone", { ...SCANNED, occurredAt: "2026-03-01T12:00:00.000" }, "occurredAt"],
    ["a time in another zone", { ...SCANNED, occurredAt: "2026-03-01T12:00:00.000+01:00" }, "occurredAt"],
    ["a time without milliseconds", { ...SCANNED, occurredAt: "2026-03-01T12:00:00Z" }, "occurredAt"],
    ["a day that does not exist", { ...SCANNED, occurredAt: "2026-02-29T12:00:00.000Z" }, "occurredAt"],
    ["a country in words", { ...SCANNED, country: "Germany" }, "country"],
    ["a NUL", { ...SCANNED, browser: "Saf\0ari" }, "browser"],
    ["half a character", { ...SCANNED, browser: "Safari \ud83d" }, "browser"],
    ["half a character as country", { ...SCANNED, country: "D\ud83d" }, "country"],
    ["a NUL as country", { ...SCANNED, country: "D\0" }, "country"],
    ["a text without end", { ...SCANNED, targetUrl: "x".repeat(2_049) }, "targetUrl"],
    ["a list", [SCANNED], "the root"],
    ["a null", null, "the root"],
  ])("%s", (_name, event, place) => {
    expect(refusal(JSON.stringify(event))).toMatch(
      new RegExp(`^the record breaks its schema at ${place}: \\w+$`),
    );
  });

  it.each(["", "not json", "{", "\0", '{"a":1}{'])("no JSON (%j)", (record) => {
    expect(refusal(record)).toBe("the record is not JSON");
  });

  it("and never with what it says", () => {
    const secret = "geheim";
    for (const event of [
      { ...SCANNED, [secret]: secret },
      { ...SCANNED, type: secret },
      { ...SCANNED, version: secret },
      { ...SCANNED, country: secret },
      { ...CREATED, status: secret },
      { [secret]: { [secret]: 1 } },
      secret,
    ]) {
      expect(refusal(JSON.stringify(event))).toContain("breaks its schema");
      expect(refusal(JSON.stringify(event))).not.toContain(secret);
    }
    expect(refusal(`{${secret}`)).toBe("the record is not JSON");
  });
});

import { describe, expect, it } from "vitest";
import { visitorPseudonym } from "../../core/scan/visitor.ts";
import { PHONE } from "../support/user-agents.ts";

const KEY = "a-secret-of-more-than-32-characters!";
const IP = "203.0.113.7";
const MORNING = Date.parse("2026-03-01T00:00:00.000Z");
const NIGHT = Date.parse("2026-03-01T23:59:59.999Z");
const DAY_MS = 86_400_000;

describe("a visitor's pseudonym", () => {
  const pseudonym = visitorPseudonym(KEY, MORNING, IP, PHONE);

  it("is the same from the first to the last millisecond of a UTC day", () => {
    expect(visitorPseudonym(KEY, NIGHT, IP, PHONE)).toBe(pseudonym);
  });

  it("is another on every other day, at that day's first millisecond already", () => {
    const days = Array.from({ length: 400 }, (_, day) =>
      visitorPseudonym(KEY, MORNING + day * DAY_MS, IP, PHONE),
    );
    expect(new Set(days).size).toBe(400);
    expect(visitorPseudonym(KEY, NIGHT + 1, IP, PHONE)).toBe(days[1]);
  });

  it.each<[string, Parameters<typeof visitorPseudonym>]>([
    ["key", [`${KEY}!`, MORNING, IP, PHONE]],
    ["address", [KEY, MORNING, "203.0.113.8", PHONE]],
    ["address that continues the other", [KEY, MORNING, "203.0.113.77", PHONE]],
    ["user agent", [KEY, MORNING, IP, `${PHONE} `]],
    ["user agent where there is none", [KEY, MORNING, IP, ""]],
  ])("is another for another %s", (_name, inputs) => {
    expect(visitorPseudonym(...inputs)).not.toBe(pseudonym);
  });

  it("is 16 characters that hold nothing of what they are made of", () => {
    for (const ip of [IP, "2001:db8::1", ""]) {
      const text = visitorPseudonym(KEY, MORNING, ip, PHONE);
      expect(text).toMatch(/^[\w-]{16}$/);
      const decoded = Buffer.from(text, "base64url").toString("latin1");
      for (const input of [KEY, "2026-03-01", PHONE, ...(ip ? [ip] : [])]) {
        expect(text).not.toContain(input);
        expect(decoded).not.toContain(input);
      }
    }
  });

  it("does not repeat among a day's many visitors", () => {
    const visitors = Array.from({ length: 20_000 }, (_, n) =>
      visitorPseudonym(KEY, MORNING, `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`, PHONE),
    );
    expect(new Set(visitors).size).toBe(visitors.length);
  });
});

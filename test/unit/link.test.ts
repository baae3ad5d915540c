import { describe, expect, it } from "vitest";
import { type LinkSource, linkOf, linkState } from "../../core/link/link.ts";

const code: LinkSource = {
  tenantId: "t",
  targetUrl: "https://example.com/ü",
  status: "active",
  startsAt: null,
  expiresAt: null,
  maxScans: null,
  fallbackUrl: null,
  deletedAt: null,
};
const at = (iso: string) => Date.parse(iso);

describe("a link", () => {
  it("is open without a window or a limit", () => {
    expect(linkState(linkOf(code), 0, 1_000_000)).toBe("open");
  });

  it("opens at startsAt and closes at expiresAt, to the millisecond", () => {
    const link = linkOf({
      ...code,
      startsAt: new Date("2030-01-01T00:00:00.000Z"),
      expiresAt: new Date("2030-02-01T00:00:00.000Z"),
    });
    expect(linkState(link, at("2029-12-31T23:59:59.999Z"), 0)).toBe("early");
    expect(linkState(link, at("2030-01-01T00:00:00.000Z"), 0)).toBe("open");
    expect(linkState(link, at("2030-01-31T23:59:59.999Z"), 0)).toBe("open");
    expect(linkState(link, at("2030-02-01T00:00:00.000Z"), 0)).toBe("closed");
  });

  it("closes with its last allowed scan", () => {
    const link = linkOf({ ...code, maxScans: 2 });
    expect(linkState(link, 0, 1)).toBe("open");
    expect(linkState(link, 0, 2)).toBe("closed");
  });

  it.each([
    ["paused", { status: "paused" as const }],
    ["deleted", { deletedAt: new Date(0) }],
    ["paused before its start", { status: "paused" as const, startsAt: new Date("2030-01-01T00:00:00Z") }],
  ])("is closed while %s", (_name, change) => {
    expect(linkState(linkOf({ ...code, ...change }), at("2029-01-01T00:00:00Z"), 0)).toBe("closed");
  });

  it("holds URLs that fit a header", () => {
    const link = linkOf({ ...code, fallbackUrl: "https://example.com/ä" });
    expect([link.target, link.fallback]).toEqual([
      "https://example.com/%C3%BC",
      "https://example.com/%C3%A4",
    ]);
  });
});

import { describe, expect, it } from "vitest";
import { MAX_URL_LENGTH, redirectLocation, targetUrlProblem } from "../../core/code/target-url.ts";

/** What a look at a printed URL does not show; the last ones are no white space by Unicode's properties. */
const UNSEEN = [
  ..."\u00a0\u00ad\u034f\u061c\u115f\u1160\u1680\u17b4\u180e\u2000\u2003\u2007\u2009\u200b\u200c\u200d\u200e\u200f",
  ..."\u2028\u2029\u202a\u202e\u202f\u205f\u2060\u2063\u2066\u2069\u3000\u3164\ufe0f\ufeff\uffa0\ufff9\u{e0041}\u{1d173}",
  ..."\u0085\u009f\u2800\ufffc\ufffd\uffff\ufdd0",
];

const BASE = "https://qr.example.com";

describe("a target URL", () => {
  it.each([
    "http://example.com",
    "https://example.com/menu?table=7#top",
    "HTTPS://EXAMPLE.COM/",
    "https://xn--bcher-kva.example/",
    "https://bücher.example/straße",
    "https://[2001:db8::1]:8443/x",
    "https://qr.example.com/other",
    "https://qr.example.com/scanner",
    "https://qr.example.com:8443/scan/qr_abc",
    "https://scan.example.com/scan/qr_abc",
  ])("accepts %s", (url) => {
    expect(targetUrlProblem(url, BASE)).toBeUndefined();
  });

  it.each([
    ["javascript:alert(1)", "http or https"],
    ["data:text/html,x", "http or https"],
    ["ftp://example.com", "http or https"],
    ["//example.com", "http or https"],
    ["/menu", "http or https"],
    ["", "http or https"],
    ["https://", "http or https"],
    ["https:/example.com", "http or https"],
    ["https://user:secret@example.com", "user name or password"],
    ["https://user@example.com", "user name or password"],
    ["https://:secret@example.com", "user name or password"],
    [" https://example.com", "white space"],
    ["https://example.com/a b", "white space"],
    ["https://example.com/\r\nSet-Cookie:a=b", "white space"],
    ["https://example.com/\u0000", "white space"],
    ["https://example.com/\ud800", "white space"],
    ...UNSEEN.map((unseen): [string, string] => [`https://example.com/a${unseen}b`, "white space"]),
    ...UNSEEN.map((unseen): [string, string] => [`https://exam${unseen}ple.com/`, "white space"]),
  ])("refuses %j and says why", (url, reason) => {
    expect(targetUrlProblem(url, BASE)).toContain(reason);
  });

  it.each([
    "https://qr.example.com/scan/qr_abc",
    "http://qr.example.com/scan/qr_abc",
    "https://QR.EXAMPLE.COM/scan/qr_abc",
    "https://qr.example.com./scan/qr_abc",
    "https://qr.example.com:443/scan/qr_abc",
    "https://qr.example.com//scan/qr_abc",
    "https://qr.example.com/%73can/qr_abc",
    "https://qr.example.com/x/../scan/qr_abc",
    "https://qr.example.com/scan%2Fqr_abc",
    "https://qr.example.com/x%2F..%2F..%2Fscan%2Fqr_abc",
    "https://qr.example.com/SCAN/qr_abc",
    "https://qr.example.com\\scan\\qr_abc",
    "https://qr.example.com/SCAN//",
  ])("refuses %s, which is a scan URL of this service", (url) => {
    expect(targetUrlProblem(url, BASE)).toContain("scan URL");
  });

  it("knows its scan URLs below a path and on a port", () => {
    expect(targetUrlProblem("http://localhost:3002/v1/scan/a", "http://localhost:3002/v1/")).toContain(
      "scan URL",
    );
    expect(targetUrlProblem("http://localhost:3003/v1/scan/a", "http://localhost:3002/v1/")).toBeUndefined();
  });

  it("may be as long as the limit and no longer, as given and as encoded", () => {
    const fits = `https://example.com/${"a".repeat(MAX_URL_LENGTH - 20)}`;
    expect(fits).toHaveLength(MAX_URL_LENGTH);
    expect(targetUrlProblem(fits, BASE)).toBeUndefined();
    expect(targetUrlProblem(`${fits}a`, BASE)).toContain("at most 2048");
    expect(targetUrlProblem(`https://example.com/${"ü".repeat(1_000)}`, BASE)).toContain("when encoded");
    expect(targetUrlProblem(`https://example.com/${"a/../".repeat(500)}`, BASE)).toBe(
      "must have at most 2048 characters",
    );
  });
});

describe("a Location header", () => {
  it("is ASCII, whatever the target holds", () => {
    expect(redirectLocation("https://bücher.example/straße?q=ü")).toBe(
      "https://xn--bcher-kva.example/stra%C3%9Fe?q=%C3%BC",
    );
  });
});

import { describe, expect, it } from "vitest";
import { baseUrlProblem } from "../../core/code/base-url.ts";
import { EnvironmentError, readEnv } from "../../functions/runtime/env.ts";
import { readConfig } from "../../lib/config.ts";

const BLANKS = "must not contain blanks or invisible characters";
const QUERY = "must not contain a query or a fragment";
const CREDENTIALS = "must not contain a user name or password";
const SLASHES = "must not contain doubled slashes";
const ESCAPED = "must not contain escaped blanks or separators";
const NO_URL = "must be a URL, https://… or http://…";

describe("PUBLIC_BASE_URL", () => {
  it.each([
    ["https://qr.example.com", "https://qr.example.com"],
    ["https://qr.example.com/", "https://qr.example.com"],
    ["https://qr.example.com:8443/qr/", "https://qr.example.com:8443/qr"],
    ["https://münchen.example/qr/", "https://xn--mnchen-3ya.example/qr"],
    ["https://例え.テスト", "https://xn--r8jz45g.xn--zckzah"],
    ["https://example.com/straße", "https://example.com/stra%C3%9Fe"],
    ["https://example.com/a/../b", "https://example.com/b"],
    ["HTTP://Example.COM:80", "http://example.com"],
  ])("%s is printed as %s", (given, printed) => {
    expect(readEnv(["public-url"], { PUBLIC_BASE_URL: given }).PUBLIC_BASE_URL).toBe(printed);
    expect(new URL(`${printed}/scan/qr_1`).href).toBe(`${printed}/scan/qr_1`);
  });

  it.each([
    ["https://example.com/?", QUERY],
    ["https://example.com?utm=a", QUERY],
    ["https://example.com/#", QUERY],
    ["https://example.com/qr#top", QUERY],
    ["https://user@example.com", CREDENTIALS],
    ["https://user:secret@example.com", CREDENTIALS],
    ["https://@example.com", CREDENTIALS],
    ["https://:@example.com/qr", CREDENTIALS],
    ["https://example.com//", SLASHES],
    ["https://example.com//qr", SLASHES],
    ["https://example.com/qr//", SLASHES],
    ["https://example.com/a/..//b", SLASHES],
    ["https:///example.com", NO_URL],
    ["https:example.com", NO_URL],
    ["https:/example.com", NO_URL],
    ["qr.example.com", NO_URL],
    ["ftp://example.com", NO_URL],
    ["https://", NO_URL],
    ["https://exa%20mple.com", NO_URL],
    ["https:\\\\example.com", NO_URL],
    ["https://example.com\\qr", "must not contain a backslash"],
    [" https://example.com", BLANKS],
    ["https://example.com ", BLANKS],
    ["https://example.com/my menu", BLANKS],
    ["https://example.com/\tqr", BLANKS],
    ["https://exam\nple.com", BLANKS],
    ["https://example.com/\u3000", BLANKS],
    ["https://example.com/\u200b", BLANKS],
    ["https://exam\u00adple.com", BLANKS],
    ["\ufeffhttps://example.com", BLANKS],
    ["https://example.com/my%20menu", ESCAPED],
    ["https://example.com/a%2Fb", ESCAPED],
    ["https://example.com/%3Fq", ESCAPED],
    ["https://example.com/%25", ESCAPED],
    ["https://example.com/%E9", ESCAPED],
    ["https://example.com/%", ESCAPED],
    ["https://example.com./qr", "must not have a dot after its host"],
    ["https://example.com.:8443", "must not have a dot after its host"],
    [`https://example.com/${"ü".repeat(42)}`, "must have at most 255 characters when encoded"],
  ])("refuses %j at start, in one line", (value, problem) => {
    expect(baseUrlProblem(value)).toBe(problem);
    expect(() => readEnv(["public-url"], { PUBLIC_BASE_URL: value })).toThrow(
      new EnvironmentError(`PUBLIC_BASE_URL ${problem}`),
    );
  });
});

describe("the domain, which the scan URLs on AWS are made of,", () => {
  const domainOf = (domain: string) =>
    readConfig((name) => ({ stage: "dev", domain, hostedZoneId: "Z0123456789ABC" })[name], {
      region: "eu-west-1",
    }).domain?.name;

  it.each([
    ["qr.example.com", "qr.example.com"],
    ["QR.Example.com", "qr.example.com"],
    ["münchen.example", "xn--mnchen-3ya.example"],
    ["例え.テスト", "xn--r8jz45g.xn--zckzah"],
  ])("%s is printed as %s", (given, printed) => {
    expect(domainOf(given)).toBe(printed);
  });

  it.each([
    "qr.example.com/",
    "qr.example.com//qr",
    "qr.example.com?a=b",
    "qr.example.com#top",
    "user@qr.example.com",
    "user:secret@qr.example.com",
    "qr.example.com:8443",
    "qr.example.com.",
    "qr example.com",
    " qr.example.com",
    "qr.example.com\n",
    "qr..example.com",
    "https://qr.example.com",
  ])("refuses %j at synthesis, in one line", (domain) => {
    expect(() => domainOf(domain)).toThrow(/^domain must be a name such as qr\.example\.com, not /);
  });
});

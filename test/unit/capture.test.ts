import { validate, version } from "uuid";
import { describe, expect, it } from "vitest";
import { visitorPseudonym } from "../../core/scan/visitor.ts";
import { captureScan } from "../../functions/scan/capture.ts";
import { gatewayRequest } from "../support/gateway-request.ts";
import { CRAWLER, PHONE } from "../support/user-agents.ts";

const KEY = "a-secret-of-more-than-32-characters!";
const IP = "203.0.113.7";
const NOW = Date.parse("2026-03-01T12:00:00.000Z");

/** What is captured of a scan with these headers. */
function capture(headers: Record<string, string>, countryHeader?: string, addressHeader?: string) {
  const event = gatewayRequest({ claims: null, headers: { "user-agent": PHONE, ...headers }, sourceIp: IP });
  return captureScan(event, "qr-1", NOW, { visitorKey: KEY, countryHeader, addressHeader });
}

describe("a captured scan", () => {
  it("tells what happened, under an ID that sorts by time", () => {
    const scan = capture({});
    expect(scan).toEqual({
      eventId: expect.any(String),
      qrId: "qr-1",
      occurredAt: NOW,
      bot: false,
      country: null,
      userAgent: PHONE,
      referrerHost: null,
      visitor: visitorPseudonym(KEY, NOW, IP, PHONE),
    });
    expect([validate(scan.eventId), version(scan.eventId)]).toEqual([true, 7]);
    expect(capture({}).eventId > scan.eventId).toBe(true);
  });

  it("holds no IP address, whichever header tells it", () => {
    const headers = { "x-forwarded-for": `${IP}, 10.0.0.1`, "x-real-ip": IP, forwarded: `for=${IP}` };
    expect(JSON.stringify(capture(headers))).not.toContain(IP);
  });
});

describe("the country", () => {
  const CDN = "cloudfront-viewer-country";

  it("comes from the CDN's header if one is configured", () => {
    expect(capture({ [CDN]: "DE" }, CDN).country).toBe("DE");
    expect(capture({ [CDN]: "T1" }, CDN).country).toBe("T1");
  });

  it("is not taken from a header that anyone can send", () => {
    expect(capture({ [CDN]: "DE", "cf-ipcountry": "DE", "x-country": "DE" }).country).toBeNull();
    expect(capture({ "cf-ipcountry": "DE" }, CDN).country).toBeNull();
  });

  it.each(["", "de", "DEU", "D", "1A", "DE,FR", "D\u0130", "DE\n", "<>"])(
    "is unknown if the header says %j",
    (told) => {
      expect(capture({ [CDN]: told }, CDN).country).toBeNull();
    },
  );
});

describe("the visitor's address", () => {
  const CDN = "cloudfront-viewer-address";
  const visitorOf = (headers: Record<string, string>, header?: string) =>
    capture(headers, undefined, header).visitor;
  const pseudonym = (address: string) => visitorPseudonym(KEY, NOW, address, PHONE);

  it.each([
    ["198.51.100.10:46532", "198.51.100.10"],
    ["2001:db8::1:443", "2001:db8::1"],
    ["2001:db8:0:1:2:3:4:5:65535", "2001:db8:0:1:2:3:4:5"],
    ["::1:1", "::1"],
    ["[2001:db8::1]:443", "2001:db8::1"],
  ])("comes from the CDN's header if one is configured: %s is %s", (told, address) => {
    expect(visitorOf({ [CDN]: told }, CDN)).toBe(pseudonym(address));
  });

  it("is one visitor's whatever the port, and another's for each address", () => {
    const visitors = ["198.51.100.1:1", "198.51.100.1:2", "198.51.100.2:1", "2001:db8::1:1", "2001:db8::1:2"];
    expect(new Set(visitors.map((told) => visitorOf({ [CDN]: told }, CDN))).size).toBe(3);
  });

  it.each([
    ["true-client-ip", "198.51.100.10", "198.51.100.10"],
    ["true-client-ip", "2001:db8::1:4653", "2001:db8::1:4653"],
    ["true-client-ip", "2001:db8::", "2001:db8::"],
    ["true-client-ip", "::1", "::1"],
    ["true-client-ip", "[2001:db8::1]", "2001:db8::1"],
    ["true-client-ip", "[2001:db8::1]:443", "2001:db8::1"],
    ["true-client-ip", "198.51.100.10:443", "198.51.100.10"],
    ["true-client-ip", "2001:db8:0:1:2:3:4:5:443", "2001:db8:0:1:2:3:4:5"],
    ["true-client-ip", "2001:db8::1:46532", "2001:db8::1"],
    [CDN, "198.51.100.10", "198.51.100.10"],
    [CDN, "2001:db8::1", "2001:db8::1"],
    [CDN, "2001:db8::1:4653", "2001:db8::1"],
  ])("may come without a port, as the header of another CDN has it (%s: %s is %s)", (name, told, address) => {
    expect(visitorOf({ [name]: told }, name)).toBe(pseudonym(address));
  });

  it("is another visitor's for each bare address", () => {
    const visitors = ["198.51.100.1", "198.51.100.2", "2001:db8::1:1", "2001:db8::1:2", "2001:db8::2"];
    expect(new Set(visitors.map((ip) => visitorOf({ "x-real-ip": ip }, "x-real-ip"))).size).toBe(5);
  });

  it("is not taken from a header that anyone can send", () => {
    expect(visitorOf({ [CDN]: "198.51.100.10:46532" })).toBe(pseudonym(IP));
    expect(visitorOf({ "x-forwarded-for": "198.51.100.10" }, CDN)).toBe(pseudonym(IP));
  });

  it.each([
    "",
    ":",
    ":443",
    "198.51.100.10:443, 198.51.100.11:443",
    "198.51.100.10, 198.51.100.11",
    "2001:db8",
    "example.com:443",
    "[]:1",
  ])("is the caller's if the header says %j", (told) => {
    const visitor = visitorOf({ [CDN]: told }, CDN);
    expect(visitor).toBe(pseudonym(IP));
  });

  it("is not kept", () => {
    expect(JSON.stringify(capture({ [CDN]: "198.51.100.10:46532" }, undefined, CDN))).not.toContain(
      "198.51.100",
    );
  });
});

describe("the referrer", () => {
  it.each([
    ["https://news.example.org/article?session=secret#top", "news.example.org"],
    ["https://user:password@Example.com:8443/", "example.com"],
    ["android-app://com.google.android.gm/", "com.google.android.gm"],
    ["https://xn--mnchen-3ya.example/", "xn--mnchen-3ya.example"],
    ["https://m\u00fcnchen.example/", "xn--mnchen-3ya.example"],
  ])("%s is kept as its host", (referer, host) => {
    expect(capture({ referer }).referrerHost).toBe(host);
  });

  it.each([
    "",
    "about:blank",
    "/only/a/path",
    "no url",
    "https://",
    "javascript:alert(1)",
    "data:text/plain,x",
  ])("%j has none", (referer) => {
    expect(capture({ referer }).referrerHost).toBeNull();
  });

  it("is cut to the length of a host name", () => {
    expect(capture({ referer: `app://${"a".repeat(3_000)}/` }).referrerHost).toHaveLength(253);
  });
});

describe("the user agent", () => {
  it("is kept up to 512 characters", () => {
    expect(capture({ "user-agent": "a".repeat(512) }).userAgent).toBe("a".repeat(512));
    expect(capture({ "user-agent": `${"a".repeat(512)}b` }).userAgent).toBe("a".repeat(512));
  });

  it("is never cut into half a character, which no database takes", () => {
    const { userAgent } = capture({ "user-agent": `${"a".repeat(511)}\u{1f600}` });
    expect(userAgent.isWellFormed()).toBe(true);
    expect(userAgent).toHaveLength(512);
  });

  it.each([
    [CRAWLER],
    ["curl/8.5.0"],
    [""],
    ["WhatsApp/2.23.20.0 A"],
    ["facebookexternalhit/1.1"],
    ["python-requests/2.32"],
  ])("%j is a bot's", (userAgent) => {
    expect(capture({ "user-agent": userAgent }).bot).toBe(true);
  });

  it("is a bot's if it is missing", () => {
    const settings = { visitorKey: KEY, countryHeader: undefined, addressHeader: undefined };
    const scan = captureScan(gatewayRequest({ claims: null, sourceIp: IP }), "qr-1", NOW, settings);
    expect([scan.bot, scan.userAgent]).toEqual([true, ""]);
  });

  it.each([
    [PHONE],
    [
      "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36",
    ],
    ["Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0"],
  ])("%j is a person's", (userAgent) => {
    expect(capture({ "user-agent": userAgent }).bot).toBe(false);
  });
});

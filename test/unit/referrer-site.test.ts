import { describe, expect, it } from "vitest";
import { siteOf } from "../../core/scan/referrer-site.ts";

describe("the hosts of a site are one referrer", () => {
  it.each([
    [
      "example.org",
      [
        "example.org",
        "www.example.org",
        "example.org.",
        "www.example.org.",
        "WWW.Example.org",
        "m.example.org",
        "www2.example.org",
        "mobile.example.org",
        "amp.example.org",
        "www.m.example.org",
      ],
    ],
    [
      "facebook.com",
      [
        "facebook.com",
        "www.facebook.com",
        "m.facebook.com",
        "l.facebook.com",
        "lm.facebook.com",
        "web.facebook.com",
        "mbasic.facebook.com",
        "touch.facebook.com",
        "l.facebook.com.",
        "fb.me",
        "com.facebook.katana",
      ],
    ],
    ["instagram.com", ["instagram.com", "www.instagram.com", "l.instagram.com", "com.instagram.android"]],
    [
      "x.com",
      [
        "x.com",
        "t.co",
        "twitter.com",
        "www.twitter.com",
        "mobile.twitter.com",
        "com.twitter.android",
        "T.CO.",
      ],
    ],
    ["reddit.com", ["old.reddit.com", "out.reddit.com", "amp.reddit.com", "www.reddit.com"]],
    ["vk.com", ["away.vk.com", "m.vk.com", "vk.com"]],
    ["youtube.com", ["m.youtube.com", "youtu.be", "music.youtube.com"]],
    ["linkedin.com", ["lnkd.in", "de.linkedin.com", "com.linkedin.android"]],
    [
      "google.com",
      [
        "www.google.com",
        "google.de",
        "www.google.co.uk",
        "www.google.com.br",
        "com.google.android.googlequicksearchbox",
      ],
    ],
    ["mail.google.com", ["mail.google.com", "com.google.android.gm"]],
    ["telegram.org", ["t.me", "web.telegram.org", "org.telegram.messenger"]],
  ])("%s", (site, hosts) => {
    expect(hosts.map(siteOf)).toEqual(hosts.map(() => site));
  });

  it.each([
    "news.example.org",
    "shop.example.co.uk",
    "m.co.uk",
    "www.de",
    "m.at",
    "notfacebook.com",
    "facebook.com.example.org",
    "linux.com",
    "docs.google.com",
    "google.example",
    "com.example.reader",
    "203.0.113.7",
    "[2001:db8::1]",
    "xn--mnchen-3ya.example",
    "localhost",
    "constructor",
    "__proto__",
  ])("%s is a site of its own", (host) => {
    expect(siteOf(host)).toBe(host);
  });

  it.each(["", ".", "..."])("%j is none", (host) => {
    expect(siteOf(host)).toBeNull();
  });

  it("folding a site again changes nothing", () => {
    for (const host of ["l.facebook.com", "t.co", "www.google.de", "com.slack", "www.m.example.org."]) {
      expect(siteOf(siteOf(host) ?? "")).toBe(siteOf(host));
    }
  });
});

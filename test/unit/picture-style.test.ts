import { describe, expect, it } from "vitest";
import { designOf } from "../../core/picture/design.ts";
import { styleOver } from "../../core/picture/picture-style.ts";
import { styleSchema } from "../../core/picture/style-schema.ts";

describe("a code's style over its tenant's", () => {
  const tenant = { color: "#003366", ring: "#660000", background: "#ffffee", caption: "Acme", margin: 2 };

  it("is the tenant's where it says nothing", () => {
    expect(styleOver(null, tenant)).toEqual(tenant);
    expect(styleOver({}, tenant)).toEqual(tenant);
    expect(styleOver(null, null)).toEqual({});
  });

  it("goes before it member by member, and takes all colours from one of them", () => {
    expect(styleOver({ caption: "Menu" }, tenant)).toEqual({ ...tenant, caption: "Menu" });
    expect(styleOver({ color: "#222222" }, tenant)).toEqual({ color: "#222222", caption: "Acme", margin: 2 });
  });
});

describe("a style", () => {
  it("has the standard's quiet zone in a frame", () => {
    expect(designOf({ margin: 1 }).margin).toBe(1);
    expect(designOf({ margin: 1, frame: "line" }).margin).toBe(4);
    expect(designOf({ margin: 6, frame: "banner" }).margin).toBe(6);
  });

  it("is kept in one form", () => {
    const given = { color: "#036", background: "FFF", caption: " Scan me " };
    expect(styleSchema.parse(given)).toEqual({ color: "#003366", background: "#ffffff", caption: "Scan me" });
  });

  it.each([
    [{ color: "#999999" }, true],
    [{ color: "#999999", modules: "dots" }, false],
    [{ color: "#999999", logo: "acme" }, false],
    [{ color: "#999999", ring: "#000000" }, false],
    [{ ring: "#999999" }, false],
    [{ background: "transparent", color: "#777777" }, true],
    [{ background: "#666666" }, true],
    [{ background: "#666666", finders: "rounded" }, false],
  ])("%j is taken: %s", (style, isTaken) => {
    expect(styleSchema.safeParse(style).success).toBe(isTaken);
  });
});

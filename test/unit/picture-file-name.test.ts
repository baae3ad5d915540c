import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { baseName } from "../../bin/qr/pictures/file-name.ts";

const free = () => false;
const of = (name: string | null, qrId = "qr_abc") => baseName({ qrId, name }, free);

describe("the name of a code's file", () => {
  it.each([
    ["Menu", "Menu.qr_abc"],
    ["../../etc/passwd", "etc-passwd.qr_abc"],
    ['a/b\\c:d*e?f"g<h>i|j', "a-b-c-d-e-f-g-h-i-j.qr_abc"],
    ["CON", "_CON.qr_abc"],
    ["com1", "_com1.qr_abc"],
    ["COM¹", "COM.qr_abc"],
    ["console", "console.qr_abc"],
    ["🦄", "qr_abc"],
    ["-rf", "rf.qr_abc"],
    ["trailing. . ", "trailing.qr_abc"],
    [".hidden", "hidden.qr_abc"],
    ["Größe 3", "Größe-3.qr_abc"],
    ["Gro\u0308ße", "Größe.qr_abc"],
    ["メニュー", "メニュー.qr_abc"],
    ["a\u200bb", "a-b.qr_abc"],
    [null, "qr_abc"],
  ])("of %j", (name, expected) => {
    expect(of(name)).toBe(expected);
  });

  it("of an ID that is no file name by itself", () => {
    expect([of(null, "CON"), of(null, "-rf"), of(null, "nul")]).toEqual(["_CON", "_-rf", "_nul"]);
  });

  it("cuts no character in two", () => {
    expect(of(`${"a".repeat(59)}é`)).toBe(`${"a".repeat(59)}.qr_abc`);
    expect(of("क्षि".repeat(40)).replace(".qr_abc", "")).toMatch(/^(क्षि)+$/);
  });

  it("tells codes apart that a file system does not", () => {
    const taken = new Set<string>();
    const names = ["menu", "MENU", "Menu"].map((qrId) => {
      const base = baseName({ qrId, name: null }, (lowerCase) => taken.has(lowerCase));
      taken.add(base.toLowerCase());
      return base;
    });
    expect(names[0]).toBe("menu");
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(3);
  });

  it("is safe on every file system, whatever the name", () => {
    const ids = fc.stringMatching(/^[A-Za-z0-9_-]{3,64}$/);
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 200 }), ids, (name, qrId) => {
        const file = `${of(name, qrId)}.svg`;
        expect(file).toMatch(/^[\p{L}\p{Nd}_][\p{L}\p{M}\p{Nd}_.-]*$/u);
        expect(file).toContain(qrId);
        expect(Buffer.byteLength(file)).toBeLessThanOrEqual(143);
      }),
    );
  });
});

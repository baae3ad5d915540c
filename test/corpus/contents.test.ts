import { describe, expect, it } from "vitest";
import { CONTENTS } from "../support/contents.ts";
import { lacks } from "../support/requirements.ts";
import { readContents } from "../support/zxing/contents.ts";

const SEVERAL = "\u001f";

describe.skipIf(await lacks("zxing"))("what ZXing takes an untracked code for", () => {
  const read = () =>
    new Map(readContents(CONTENTS.map(({ text }) => text)).map((found, n) => [CONTENTS[n]?.content, found]));

  it("is what it was made of", { timeout: 120_000 }, () => {
    for (const [content, { kind, fields }] of read()) {
      if (content?.wifi) {
        const { ssid, password, hidden = false, security } = content.wifi;
        const type = { wpa: "WPA", wep: "WEP", none: "nopass" }[security ?? (password ? "wpa" : "none")];
        expect([kind, fields]).toEqual([
          "WIFI",
          { ssid, ...(password ? { password } : {}), security: type, hidden: String(hidden) },
        ]);
      } else if (content?.vcard) {
        const { givenName, familyName, organization, title, phones, emails, url, note } = content.vcard;
        expect(kind).toBe("ADDRESSBOOK");
        expect(fields.names).toBe([givenName, familyName].filter(Boolean).join(" ") || organization);
        expect([fields.organization, fields.title, fields.note]).toEqual([organization, title, note]);
        expect(fields.phones?.split(SEVERAL)).toEqual(
          phones?.map(({ number }) => number.replace(/[^+\d]/g, "")),
        );
        expect(fields.emails?.split(SEVERAL)).toEqual(emails?.map(({ address }) => address));
        expect(fields.urls).toBe(url);
        // It leaves out what is empty.
        if (content.vcard.address) expect(fields.addresses).toBe("Rämistrasse 1\nZürich\n8001\nSchweiz");
      } else if (content?.geo) {
        const { latitude, longitude, altitude = 0 } = content.geo;
        expect(kind).toBe("GEO");
        expect(Number(fields.latitude)).toBeCloseTo(latitude, 6);
        expect(Number(fields.longitude)).toBeCloseTo(longitude === -180 ? 180 : longitude, 6);
        expect(Number(fields.altitude)).toBe(altitude);
      } else if (content?.email) {
        const { to, subject, body } = content.email;
        expect([kind, fields]).toEqual([
          "EMAIL_ADDRESS",
          { to, ...(subject ? { subject } : {}), ...(body ? { body: body.replaceAll("\n", "\r\n") } : {}) },
        ]);
      } else if (content?.phone) {
        expect([kind, fields]).toEqual(["TEL", { number: content.phone.replace(/[^+\d]/g, "") }]);
      } else {
        expect(Object.values(fields)).toEqual([content?.text]);
      }
    }
  });
});

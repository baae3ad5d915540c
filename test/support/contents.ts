import type { Content } from "../../core/content/content.ts";

/** Contents with all that their formats escape, and what each of them is as text. */
export const CONTENTS: { content: Content; text: string }[] = [
  {
    content: { wifi: { ssid: "Guests", password: "correct horse" } },
    text: "WIFI:T:WPA;S:Guests;P:correct horse;;",
  },
  {
    content: { wifi: { ssid: 'foo;bar\\baz,"qux":', password: 'pass;w\\o,r"d:', hidden: true } },
    text: 'WIFI:T:WPA;S:foo\\;bar\\\\baz\\,\\"qux\\"\\:;P:pass\\;w\\\\o\\,r\\"d\\:;H:true;;',
  },
  { content: { wifi: { ssid: "Café Zürich", security: "none" } }, text: "WIFI:T:nopass;S:Café Zürich;;" },
  {
    content: { wifi: { ssid: "ABCD", password: "12345", security: "wep" } },
    text: "WIFI:T:WEP;S:ABCD;P:12345;;",
  },
  {
    content: {
      vcard: {
        givenName: "Jürg",
        familyName: "Müller; Söhne",
        organization: "Käse, Brot & Co.",
        title: "Chef\\in",
        phones: [{ number: "+41 44 123 45 67", type: "work" }, { number: "+41 (79) 123-45-67" }],
        emails: [{ address: "juerg@example.com", type: "home" }],
        url: "https://example.com/a,b;c?d=e",
        address: { street: "Rämistrasse 1", city: "Zürich", postalCode: "8001", country: "Schweiz" },
        note: "Erste Zeile\nZweite, viel längere Zeile mit Umlauten: äöü äöü äöü äöü äöü äöü äöü äöü äöü äöü 日本語",
      },
    },
    text: [
      "BEGIN:VCARD",
      "VERSION:3.0",
      "N:Müller\\; Söhne;Jürg;;;",
      "FN:Jürg Müller\\; Söhne",
      "ORG:Käse\\, Brot & Co.",
      "TITLE:Chef\\\\in",
      "TEL;TYPE=WORK:+41441234567",
      "TEL:+41791234567",
      "EMAIL;TYPE=HOME:juerg@example.com",
      "URL:https://example.com/a,b;c?d=e",
      "ADR:;;Rämistrasse 1;Zürich;;8001;Schweiz",
      "NOTE:Erste Zeile\\nZweite\\, viel längere Zeile mit Umlauten: äöü äöü ",
      " äöü äöü äöü äöü äöü äöü äöü äöü 日本語",
      "END:VCARD",
      "",
    ].join("\r\n"),
  },
  {
    content: { vcard: { organization: "Bäckerei" } },
    text: "BEGIN:VCARD\r\nVERSION:3.0\r\nN:;;;;\r\nFN:Bäckerei\r\nORG:Bäckerei\r\nEND:VCARD\r\n",
  },
  { content: { text: "Grüße – „日本“ 😀\nzweite Zeile" }, text: "Grüße – „日本“ 😀\nzweite Zeile" },
  { content: { text: "https://example.com/?a=b" }, text: "https://example.com/?a=b" },
  {
    content: { geo: { latitude: 47.3769, longitude: 8.5417, altitude: 408 } },
    text: "geo:47.3769,8.5417,408",
  },
  { content: { geo: { latitude: -0.0000001, longitude: -180 } }, text: "geo:-0.0000001,180" },
  { content: { geo: { latitude: 1e-9, longitude: -70 } }, text: "geo:0,-70" },
  {
    content: {
      email: { to: "ann+list%1@example.com", subject: "Größe & Preis = 5?", body: "Zeile 1\nZeile 2 #!'()*" },
    },
    text: "mailto:ann%2Blist%251@example.com?subject=Gr%C3%B6%C3%9Fe%20%26%20Preis%20%3D%205%3F&body=Zeile%201%0D%0AZeile%202%20%23%21%27%28%29%2A",
  },
  { content: { email: { to: "ann@example.com" } }, text: "mailto:ann@example.com" },
  { content: { phone: "+49 (30) 123-456" }, text: "tel:+4930123456" },
];

import { crc32, deflateSync } from "node:zlib";
import { encode } from "fast-png";

/** A PNG of a few pixels. */
export function smallPng(width = 8, height = 8): Buffer {
  const data = new Uint8Array(3 * width * height).fill(80);
  return Buffer.from(encode({ width, height, data, depth: 8, channels: 3 }));
}

function chunk(type: string, body: Uint8Array): Buffer {
  const head = Buffer.concat([Buffer.from(type, "latin1"), body]);
  const framed = Buffer.alloc(8 + head.length);
  framed.writeUInt32BE(body.length, 0);
  head.copy(framed, 4);
  framed.writeUInt32BE(crc32(head), 4 + head.length);
  return framed;
}

/** A PNG that says how large it is, over data of any length. */
export function claimingPng(width: number, height: number, bytesOfData: number, bitDepth = 1): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([bitDepth, 0, 0, 0, 0], 8);
  return Buffer.concat([
    smallPng().subarray(0, 8),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(Buffer.alloc(bytesOfData), { level: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

const SVG = 'xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"';

/** An SVG around some markup. */
export const svgWith = (inner: string, attributes = "") =>
  Buffer.from(`<svg ${SVG}${attributes}><rect width="8" height="8"/>${inner}</svg>`);

/** Ten levels of ten references each. */
const BILLION_LAUGHS = Array.from({ length: 10 }, (_, n) => {
  const uses = Array(10).fill(`<use href="#l${n}"/>`).join("");
  return `<g id="l${n + 1}">${uses}</g>`;
}).join("");

/** Files that are no logo, each with what the refusal says of it. */
export const BAD_LOGOS: Record<string, [file: Buffer, status: 400 | 415, says: RegExp]> = {
  "a bomb of 20,000 × 20,000": [
    claimingPng(20_000, 20_000, 50_020_000),
    400,
    /20000 × 20000 pixels: at most 4096/,
  ],
  "a PNG with a thousand times the data of its pixels": [
    claimingPng(64, 64, 20_000_000),
    400,
    /more data than pixels/,
  ],
  "a truncated PNG": [smallPng().subarray(0, -20), 400, /ends before its end/],
  "a PNG whose data ends too soon": [claimingPng(64, 64, 100), 400, /less data than pixels/],
  "a PNG with a damaged byte": [damaged(smallPng(), 45), 400, /is damaged/],
  "a polyglot of a PNG and a ZIP": [
    Buffer.concat([smallPng(), Buffer.from("PK\u0003\u0004 a whole archive")]),
    400,
    /bytes behind the end of its PNG/,
  ],
  "a polyglot of a JPEG and a script": [
    Buffer.concat([
      Buffer.from("ffd8ffe000104a46494600010100000100010000", "hex"),
      Buffer.from("<script>alert(1)</script>"),
    ]),
    400,
    /damaged JPEG/,
  ],
  "a GIF": [Buffer.from("GIF89a\u0001\u0000\u0001\u0000", "latin1"), 415, /must be a PNG, a JPEG or an SVG/],
  "a PDF": [Buffer.from("%PDF-1.4"), 415, /must be a PNG, a JPEG or an SVG/],
  "a page of HTML": [Buffer.from("<!DOCTYPE html><html><body>x</body></html>"), 400, /no SVG/],
  "an SVG with a script": [svgWith("<script>alert(1)</script>"), 400, /<script>, which is not drawn/],
  "an SVG with a script of another prefix": [
    svgWith("<s:script>alert(1)</s:script>", ' xmlns:s="http://www.w3.org/2000/svg"'),
    400,
    /<script>, which is not drawn/,
  ],
  "an SVG with a foreign object": [
    svgWith("<foreignObject><body xmlns='http://www.w3.org/1999/xhtml'/></foreignObject>"),
    400,
    /<foreignObject>, which is not drawn/,
  ],
  "an SVG with a handler": [svgWith("", ' onload="alert(1)"'), 400, /the script of onload/],
  "an SVG with a picture from elsewhere": [
    svgWith('<image href="http://127.0.0.1/"/>'),
    400,
    /<image>, which is not drawn/,
  ],
  "an SVG that uses another one": [svgWith('<use href="http://127.0.0.1/a.svg#x"/>'), 400, /outside of it/],
  "an SVG whose colour is elsewhere": [
    svgWith('<path d="M0 0h8" fill="url(http://127.0.0.1/a.svg#x)"/>'),
    400,
    /outside of it/,
  ],
  "an SVG whose style is elsewhere": [
    svgWith("<style>@import 'http://127.0.0.1/a.css';</style>"),
    400,
    /outside of it/,
  ],
  "an SVG with escapes in its style": [
    svgWith("<style>*{fill:u\\72l(http://127.0.0.1/)}</style>"),
    400,
    /outside of it/,
  ],
  "an SVG with an entity": [
    Buffer.from(
      `<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg ${SVG}><title>&x;</title></svg>`,
    ),
    400,
    /declares entities/,
  ],
  "an SVG with text": [svgWith("<text>Acme</text>"), 400, /turn its text into outlines/],
  "an SVG of a billion elements": [
    svgWith(`<g id="l0"><path d="M0 0h8"/></g>${BILLION_LAUGHS}`),
    400,
    /more than 10000 elements/,
  ],
  "an SVG that uses itself": [svgWith('<g id="a"><use href="#a"/></g>'), 400, /refers to itself/],
  "an SVG of many layers": [svgWith('<g opacity=".5"/>'.repeat(300)), 400, /transparent or clipped/],
  "an SVG that is nested too deeply": [
    svgWith("<g>".repeat(20_000) + "</g>".repeat(20_000)),
    400,
    /deep|well-formed/,
  ],
  "an SVG that ends in the middle": [svgWith("").subarray(0, -4), 400, /not well-formed/],
  "an SVG in another encoding": [
    Buffer.concat([Buffer.from(`<svg ${SVG}>`), Buffer.from([0xff, 0xfe])]),
    400,
    /not UTF-8/,
  ],
  "an SVG that shows nothing": [Buffer.from(`<svg ${SVG}><g/></svg>`), 400, /shows nothing/],
  "a line": [smallPng(90, 10), 400, /8 times as long/],
};

function damaged(file: Buffer, at: number): Buffer {
  const copy = Buffer.from(file);
  copy.writeUInt8((copy[at] ?? 0) ^ 0x55, at);
  return copy;
}

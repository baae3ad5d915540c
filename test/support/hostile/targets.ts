import fc from "fast-check";

/** What ends a header, or looks like it to a reader that is lenient; what a reader may drop, or take for a space. */
const BREAKS = [
  ...[
    "\r",
    "\n",
    "\r\n",
    "\r\nx-injected: 1",
    "\n\nbody",
    "\t",
    " ",
    "\0",
    "\v",
    "\f",
    "\u0085",
    "\u2028",
    "\u2029",
  ],
  ...[
    "%0d%0ax-injected:%201",
    "%00",
    "\u560d\u560a",
    "\u010d\u010a",
    "\u00a0",
    "\u3000",
    "\ufeff",
    "\u00ad",
    "\ud800",
  ],
  ...[
    "é",
    "😀",
    "ｅ",
    "\u202e",
    "\\",
    '"',
    "'",
    "<",
    ">",
    "`",
    "{",
    "|",
    "^",
    "@",
    "#",
    "?",
    ";",
    ",",
    "://",
    "[::1]",
  ],
];

const HOSTS = [
  ...[
    "example.com",
    "EXAMPLE.com.",
    "münchen.example",
    "xn--mnchen-3ya.example",
    "例え.テスト",
    "127.0.0.1",
    "0x7f.1",
  ],
  ...["[::1]", "example.com:8443", "a_b.example", "％41.example", "ex%61mple.com"],
];

const piece = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...BREAKS) },
  { weight: 2, arbitrary: fc.string({ maxLength: 8 }) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 4 }) },
);

/** URLs, and texts that a careless check might take for one. */
export const hostileUrl: fc.Arbitrary<string> = fc
  .record({
    scheme: fc.constantFrom(
      "https://",
      "https://",
      "http://",
      "HTTPS://",
      "https:/",
      "https:\\\\",
      "//",
      "javascript:",
    ),
    host: fc.constantFrom(...HOSTS),
    path: fc.array(piece, { maxLength: 3 }),
    query: fc.array(piece, { maxLength: 2 }),
    fragment: fc.array(piece, { maxLength: 1 }),
    before: fc.oneof({ weight: 9, arbitrary: fc.constant("") }, piece),
  })
  .map(({ scheme, host, path, query, fragment, before }) => {
    const rest = `/${path.join("/")}?${query.join("&")}#${fragment.join("")}`;
    return before + scheme + host + rest;
  });

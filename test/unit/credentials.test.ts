import { describe, expect, it } from "vitest";
import { newKey } from "../../core/auth/api-key.ts";
import { credentialsIn } from "../../functions/http/credentials.ts";

const token = { type: "token", token: "a.b.c" };
const { text: key } = newKey();

describe("the credentials of an Authorization header", () => {
  it.each(["a.b.c", "Bearer a.b.c", "bearer   a.b.c"])("are a token in %j", (authorization) => {
    expect(credentialsIn(authorization)).toEqual(token);
  });

  it.each([key, `Bearer ${key}`, `bearer   ${key}`])("are a key in %j", (authorization) => {
    expect(credentialsIn(authorization)).toEqual({ type: "key", key });
  });

  it("are a key by the prefix alone, good or not", () => {
    for (const text of ["qrs_", "qrs_x", "qrs_a.b.c", `${key}x`])
      expect(credentialsIn(`Bearer ${text}`)).toEqual({ type: "key", key: text });
  });

  it.each([
    ...["Bearera.b.c d", "xBearer a.b.c", "x Bearer a.b.c", "Bearer Bearer a.b.c", "Basic a.b.c"],
    ...["a.b.c,a.b.c", "Bearer a.b.c,Bearer d.e.f", "a.b.c d.e.f", "a.b", "a.b.", ".b.c", "a..c", "a.b.c.d"],
    ...[
      "Bearer a.b.c, Bearer d.e.f",
      "Basic YTpi,Bearer a.b.c",
      "Bearer a.b.c x",
      "Bearer a.b.c ",
      "Bearer a.b.c\n",
    ],
    ...["", " ", "Bearer", "Bearer ", "a.b.c=", "a.b.\u00fc"],
    ...[
      `${key},${key}`,
      `Bearer ${key},Bearer ${key}`,
      `${key} ${key}`,
      `${key},a.b.c`,
      `a.b.c,${key}`,
      `${key}\n`,
    ],
    ...[`Bearer ${key} `, `Basic ${key}`, `x${key}`],
  ])("are none where the header is %j", (authorization) => {
    expect(credentialsIn(authorization)).toBeUndefined();
  });

  it("are none without a header", () => {
    expect(credentialsIn(undefined)).toBeUndefined();
  });
});

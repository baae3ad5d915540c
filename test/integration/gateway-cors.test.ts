import { afterEach, describe, expect, it } from "vitest";
import { corsRule } from "../../bin/local/cors.ts";
import { CORS } from "../../functions/http/cors.ts";
import { type Resource, resourcesOf, synthesize } from "../cdk/synthesized.ts";
import { echo, stubGateway } from "../support/stub-gateway.ts";

const APP = "https://app.example.com";

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanUps.splice(0)) await step();
});

/** Sends requests to a gateway whose API the scripts of these origins may call. */
async function gateway(...origins: string[]) {
  const started = await stubGateway(echo, {}, { cors: corsRule(origins) });
  cleanUps.push(started.close);
  return (path: string, init: RequestInit = {}) => fetch(`http://127.0.0.1:${started.port}${path}`, init);
}

const preflight = (origin: string, method = "PATCH") => ({
  method: "OPTIONS",
  headers: { origin, "access-control-request-method": method, "access-control-request-headers": "if-match" },
});

const corsHeaders = (reply: Response) =>
  Object.fromEntries([...reply.headers].filter(([name]) => name.startsWith("access-control-")));

describe("a preflight", () => {
  it("of an origin that may call the API is answered by the rule of AWS, on every path", async () => {
    const send = await gateway("https://other.example.com", APP);
    const [[, api]] = resourcesOf(
      synthesize({ stage: "dev", origins: `https://other.example.com,${APP}` }),
      "AWS::ApiGatewayV2::Api",
    ) as [[string, Resource]];
    const { AllowMethods, AllowHeaders, MaxAge } = api.Properties.CorsConfiguration;
    for (const path of ["/qr/abc", "/generate", "/no/such/path"]) {
      const reply = await send(path, preflight(APP));
      expect([reply.status, await reply.text(), reply.headers.get("vary")]).toEqual([204, "", "origin"]);
      expect(corsHeaders(reply)).toEqual({
        "access-control-allow-origin": APP,
        "access-control-allow-methods": AllowMethods.join(","),
        "access-control-allow-headers": AllowHeaders.join(","),
        "access-control-max-age": String(MaxAge),
      });
      expect(reply.headers.get("x-request-id")).toMatch(/.+/);
    }
  });

  it("of another origin is answered without leave", async () => {
    const send = await gateway(APP);
    for (const origin of ["https://evil.example", "null", `${APP}.evil.example`, "*", APP.toUpperCase()]) {
      const reply = await send("/qr", preflight(origin));
      expect([reply.status, corsHeaders(reply)]).toEqual([204, {}]);
    }
  });

  it("gets no leave where no origin is named", async () => {
    const send = await gateway();
    expect(corsHeaders(await send("/qr", preflight(APP)))).toEqual({});
  });
});

describe("a reply", () => {
  it.each(["/health", "/qr", "/no/such/path"])(
    "(%s) may be read by the scripts of those origins",
    async (path) => {
      const send = await gateway(APP);
      const reply = await send(path, { headers: { origin: APP } });
      expect(corsHeaders(reply)).toEqual({
        "access-control-allow-origin": APP,
        "access-control-expose-headers": CORS.exposedHeaders.join(","),
      });
      expect(reply.headers.get("vary")).toContain("origin");
      expect(corsHeaders(await send(path, { headers: { origin: "https://evil.example" } }))).toEqual({});
      expect(corsHeaders(await send(path))).toEqual({});
    },
  );

  it("may be read by any origin's if all are named", async () => {
    const send = await gateway("*");
    const reply = await send("/health", { headers: { origin: "https://anyone.example" } });
    expect(reply.headers.get("access-control-allow-origin")).toBe("*");
  });
});

describe("OPTIONS without an origin", () => {
  it("is no preflight, and goes on to its route", async () => {
    const send = await gateway(APP);
    const reply = await send("/qr", { method: "OPTIONS" });
    expect(await reply.json()).toMatchObject({ routeKey: "$default" });
  });
});

it("scripts may send and read what the API speaks of", () => {
  expect(CORS.requestHeaders).toEqual(expect.arrayContaining(["if-match", "if-none-match", "x-tenant-id"]));
  expect(CORS.exposedHeaders).toEqual(expect.arrayContaining(["etag", "link", "retry-after", "location"]));
});

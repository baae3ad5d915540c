import { afterEach, describe, expect, it } from "vitest";
import { originsOf } from "../../bin/local/cors.ts";
import { rateLimiter } from "../../bin/local/rate-limit.ts";
import { type Route, routes } from "../../functions/manifest.ts";
import { type Env, readEnv } from "../../functions/runtime/env.ts";
import { echo, stubGateway } from "../support/stub-gateway.ts";

const LIMITS = { RATE_LIMIT_SCAN: "2/3", RATE_LIMIT_OTHER: "1/2", RATE_LIMIT_NO_ROUTE: "1/1" };

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanUps.splice(0)) await step();
});

/** A gateway with those limits, by a clock that stands until it is moved. */
async function gateway(env: Env) {
  let now = 0;
  const started = await stubGateway(echo, {}, { limit: rateLimiter(env, () => now) });
  cleanUps.push(started.close);
  return {
    pass: (ms: number) => {
      now += ms;
    },
    send: (path: string, headers: Record<string, string> = {}) =>
      fetch(`http://127.0.0.1:${started.port}${path}`, { headers }),
  };
}

const told = ({ status, headers }: Response) => [
  status,
  headers.get("ratelimit"),
  headers.get("retry-after"),
];

describe("a limit", () => {
  it("lets through its burst, and then so many a second", async () => {
    const { send, pass } = await gateway(LIMITS);
    for (const left of [2, 1, 0]) {
      const reply = await send("/scan/abc");
      expect(told(reply)).toEqual([200, `"scan";r=${left};t=${Math.ceil((3 - left) / 2)}`, null]);
      expect(reply.headers.get("ratelimit-policy")).toBe('"scan";q=3;w=2');
    }
    expect(told(await send("/scan/abc"))).toEqual([429, '"scan";r=0;t=2', "1"]);
    pass(499);
    expect((await send("/scan/abc")).status).toBe(429);
    pass(1);
    expect((await send("/scan/abc")).status).toBe(200);
    expect((await send("/scan/abc")).status).toBe(429);
    pass(60_000);
    const statuses = [];
    for (let index = 0; index < 4; index++) statuses.push((await send("/scan/abc")).status);
    expect(statuses).toEqual([200, 200, 200, 429]);
  });

  it("is each route's own, whoever asks and for whichever code", async () => {
    const { send } = await gateway(LIMITS);
    const authorization = { authorization: "any" };
    const statuses = async (...paths: string[]) => {
      const found = [];
      for (const path of paths) found.push((await send(path, authorization)).status);
      return found;
    };
    expect(await statuses("/qr/abc", "/qr/def", "/qr/abc")).toEqual([200, 200, 429]);
    expect(await statuses("/qr", "/qr/abc/stats", "/scan/abc")).toEqual([200, 200, 200]);
    expect(await statuses("/nothing", "/elsewhere")).toEqual([200, 429]);
  });

  it("refuses with a problem that says when to come back, before it looks at the token", async () => {
    const { send } = await gateway(LIMITS);
    const replies = [];
    for (let index = 0; index < 3; index++) replies.push(await send("/qr"));
    expect(replies.map(({ status }) => status)).toEqual([401, 401, 429]);
    const [first, , last] = replies as [Response, Response, Response];
    expect(first.headers.get("ratelimit")).toBe('"other";r=1;t=1');
    expect(last.headers.get("retry-after")).toBe("1");
    expect(await last.json()).toMatchObject({
      type: "urn:problem:qr-service:rate-limited",
      title: "Too many requests",
      status: 429,
      requestId: last.headers.get("x-request-id"),
    });
  });

  it("is told with every reply, also where something fails", async () => {
    const { send } = await gateway({ RATE_LIMIT_OTHER: "5/5" });
    const reply = await send("/health", { origin: "https://app.example.com" });
    expect(reply.headers.get("ratelimit-policy")).toBe('"other";q=5;w=1');
    expect((await send("/scan/abc")).headers.has("ratelimit")).toBe(false);
  });

  it("is off unless it is asked for", async () => {
    const limit = rateLimiter(readEnv(["local"], {}));
    for (const route of routes as readonly Route[]) expect(limit(`GET ${route.path}`, route)).toBeUndefined();
  });
});

describe("the variables of the limits", () => {
  it.each(["0/1", "1/0", "1", "/", "1/2/3", "-1/2", "1.5/2", "1000000/1"])("refuse %s", (value) => {
    for (const name of ["RATE_LIMIT_SCAN", "RATE_LIMIT_OTHER", "RATE_LIMIT_NO_ROUTE"])
      expect(() => rateLimiter({ [name]: value })).toThrow(`${name} must be a rate and a burst`);
  });

  it.each(["app.example.com", "https://app.example.com/", "https://a.example.com,"])(
    "and those of origins refuse %s",
    (value) => {
      expect(() => originsOf({ CORS_ORIGINS: value })).toThrow("CORS_ORIGINS must be origins");
    },
  );
});

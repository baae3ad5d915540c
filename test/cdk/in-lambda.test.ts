import { EventEmitter } from "node:events";
import { Readable } from "node:stream";
import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { nodeHttp } from "../../data/node-http.ts";
import { connectionOf } from "../../functions/runtime/connection.ts";
import { processEnv } from "../../functions/runtime/env.ts";
import { wire } from "../../functions/runtime/wire.ts";

/** What AWS's extension answers while the first call has not begun. */
const NOT_READY = "not ready to serve traffic, please wait";

let refusals = 0;
let reads: string[] = [];
let secret: Record<string, string> = {};

type Answer = (response: Readable & { statusCode: number }) => void;

/** Stands for the extension's port, which is the same in every process of a machine. */
function playExtension(url: string, _options: unknown, answer: Answer): EventEmitter {
  reads.push(new URL(url).searchParams.get("secretId") ?? "");
  const [statusCode, body] =
    refusals-- > 0 ? [400, NOT_READY] : [200, JSON.stringify({ SecretString: JSON.stringify(secret) })];
  answer(Object.assign(Readable.from([Buffer.from(body)]), { statusCode }));
  return new EventEmitter();
}

beforeAll(() => {
  vi.spyOn(nodeHttp(), "get").mockImplementation(playExtension as never);
});

afterAll(() => {
  vi.restoreAllMocks();
});

afterEach(() => {
  refusals = 0;
  reads = [];
  for (const name of ["UPSTASH_SECRET_ARN", "VISITOR_KEY_SECRET_ARN"]) delete processEnv[name];
});

const env = {
  DATABASE_URL: "postgres://qr@qr-dev.abc123.eu-west-1.rds.amazonaws.com:5432/qr",
  DATABASE_SECRET_ARN: "arn:of-the-database",
};

describe("the database's password", () => {
  it("reaches the driver, which asks for it at each connection", async () => {
    secret = { username: "qr", password: "first" };
    const client = new pg.Client(connectionOf(env));
    const { password } = client as unknown as { password: () => Promise<string> };
    expect(await password()).toBe("first");
    secret = { username: "qr", password: "rotated" };
    expect(await password()).toBe("rotated");
    expect(client).toMatchObject({
      user: "qr",
      database: "qr",
      port: 5432,
      host: "qr-dev.abc123.eu-west-1.rds.amazonaws.com",
    });
    expect(reads).toEqual(["arn:of-the-database", "arn:of-the-database"]);
  });

  it("waits for the extension to be ready", async () => {
    secret = { password: "late" };
    refusals = 3;
    expect(await connectionOf(env).password?.()).toBe("late");
    expect(reads).toHaveLength(4);
  });

  it("is the URL's own where there is no secret", () => {
    const client = new pg.Client(connectionOf({ DATABASE_URL: "postgres://a:b@localhost:5433/c" }));
    expect(client).toMatchObject({ user: "a", password: "b", host: "localhost", port: 5433, database: "c" });
  });
});

describe("a connection through RDS Proxy", () => {
  it("sets nothing, since the proxy would refuse it", () => {
    const proxied = "postgres://qr@qr-prod.proxy-abc123.eu-west-1.rds.amazonaws.com:5432/qr";
    expect(connectionOf({ ...env, DATABASE_URL: proxied }).plainSession).toBe(true);
    expect(connectionOf(env).plainSession).toBeUndefined();
  });
});

describe("a handler", () => {
  it("is wired at init where it needs no secret", async () => {
    let wired = false;
    await wire(["postgres"], async () => {
      wired = true;
      return async () => {};
    });
    expect(wired).toBe(true);
  });

  it.each([
    ["redis", "UPSTASH_SECRET_ARN"],
    ["visitors", "VISITOR_KEY_SECRET_ARN"],
  ] as const)("is wired at its first call, once, where %s needs a secret", async (use, name) => {
    processEnv[name] = "arn:of-a-secret";
    let wirings = 0;
    const handler = await wire([use], async () => {
      wirings += 1;
      return async (input: number) => input + 1;
    });
    expect(wirings).toBe(0);
    expect(await Promise.all([handler(1), handler(2)])).toEqual([2, 3]);
    expect(wirings).toBe(1);
  });

  it("is wired anew at the next call if that failed", async () => {
    processEnv.UPSTASH_SECRET_ARN = "arn:of-a-secret";
    let attempts = 0;
    const handler = await wire(["redis"], async () => {
      attempts += 1;
      if (attempts === 1) throw new Error("the secret can't be read");
      return async () => "answer";
    });
    await expect(handler()).rejects.toThrow("can't be read");
    expect(await handler()).toBe("answer");
  });
});

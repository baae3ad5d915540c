import { execFile } from "node:child_process";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { findRedisServer, type RedisServer, startRedisServer } from "../../bin/local/redis-server.ts";
import { type AccountFacts, type AwsApi, startAwsApi } from "../support/aws-api.ts";
import { lacks } from "../support/requirements.ts";
import { startUpstashServer, type UpstashServer } from "../support/upstash-server.ts";

let api: AwsApi;
let redis: RedisServer | undefined;
let upstash: UpstashServer | undefined;
let ready: AccountFacts;

beforeAll(async () => {
  api = await startAwsApi();
  redis = findRedisServer() ? await startRedisServer() : undefined;
  upstash = redis ? await startUpstashServer(redis.url) : undefined;
  ready = {
    account: "123456789012",
    bootstrapVersion: "28",
    concurrency: 1_000,
    zones: 3,
    secrets: {
      "qr-service/prod/upstash": JSON.stringify({ url: upstash?.url ?? "", token: upstash?.token ?? "" }),
    },
  };
});
beforeEach(() => {
  api.facts = ready;
});
afterAll(async () => {
  await upstash?.stop();
  await redis?.stop();
  await api.stop();
});

const noRedis = await lacks("redis-server");

/** Loading the SDK takes its time on a busy machine. */
const TIMEOUT = 120_000;

function doctor(
  options: string[],
  env: Record<string, string> = {},
): Promise<{ code: number; lines: string[] }> {
  const { PATH, HOME } = process.env;
  const surroundings = {
    PATH,
    HOME,
    AWS_REGION: "eu-west-1",
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_ENDPOINT_URL: api.url,
    ...env,
  };
  const args = ["bin/doctor/main.ts", ...options.flatMap((option) => ["-c", option])];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { env: surroundings }, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), lines: `${stdout}${stderr}`.trim().split("\n") }),
    );
  });
}

describe("npm run doctor", { timeout: TIMEOUT }, () => {
  it.skipIf(noRedis)("finds nothing wrong with an account that is ready", async () => {
    const { code, lines } = await doctor(["stage=prod", "cloudfront=true"]);
    expect(lines).toEqual([
      "ok    credentials: account 123456789012 in eu-west-1",
      "ok    bootstrap in eu-west-1: version 28",
      "ok    bootstrap in us-east-1: version 28",
      "ok    concurrency: 1000 concurrent executions",
      "ok    zones: 3 in eu-west-1, 3 used",
      "ok    Upstash's secret: qr-service/prod/upstash",
      `ok    Upstash: ${new URL(upstash?.url ?? "").host} answers`,
      "nothing stands in the way of a deploy",
    ]);
    expect(code).toBe(0);
  });

  it("says of each thing that is missing what to do, and fails", async () => {
    api.facts = { account: "123456789012", concurrency: 10, zones: 2 };
    const { code, lines } = await doctor(["stage=prod"]);
    expect(code).toBe(1);
    expect(lines).toEqual([
      "ok    credentials: account 123456789012 in eu-west-1",
      expect.stringMatching(
        /^FAIL {2}bootstrap in eu-west-1: run `npm run cdk -- bootstrap -c stage=prod` \(ParameterNotFound/,
      ),
      expect.stringMatching(/^FAIL {2}concurrency: 10 concurrent executions are too few .*Service Quotas/),
      "FAIL  zones: eu-west-1 has 2, and prod needs 3: choose another region",
      expect.stringMatching(
        /^FAIL {2}Upstash's secret: store it with `aws secretsmanager create-secret --name qr-service\/prod\/upstash/,
      ),
      "4 to mend before a deploy",
    ]);
  });

  it.each(["mini", "dev"])(
    "is content with the ten concurrent executions of a new account for %s",
    async (stage) => {
      api.facts = { ...ready, concurrency: 10 };
      const { lines } = await doctor([`stage=${stage}`, "redis=valkey"]);
      expect(lines).toContain("ok    concurrency: 10 concurrent executions");
    },
  );

  it("needs credentials before anything else", async () => {
    api.facts = {};
    const { code, lines } = await doctor(["stage=dev"]);
    expect([code, lines.length]).toEqual([1, 2]);
    expect(lines[0]).toMatch(/^FAIL {2}credentials: sign in/);
  });

  it("shows no token, of a secret that is wrong or refused", async () => {
    const token = "a-token-that-nobody-should-see";
    for (const secret of [`{"url":"nowhere","token":"${token}"}`, `${token} is no JSON`]) {
      api.facts = { ...ready, secrets: { "qr-service/dev/upstash": secret } };
      const { lines } = await doctor(["stage=dev"]);
      expect(lines.join("\n")).not.toContain(token);
      expect(lines).toContain(
        'FAIL  Upstash\'s secret: qr-service/dev/upstash must hold {"url":"https://….upstash.io","token":"…"}',
      );
    }
  });

  it("asks nothing of Upstash where Redis is Valkey", async () => {
    const { lines } = await doctor(["stage=dev", "redis=valkey"]);
    expect(lines.join("\n")).not.toContain("Upstash");
  });

  it.each([
    [["stage=test"], "stage must be mini or dev or prod, not test"],
    [["stage=dev", "domian=qr.example.com"], "there is no option domian; did you mean domain?"],
  ])("refuses %o as the deploy would", async (options, line) => {
    expect(await doctor(options)).toEqual({ code: 1, lines: [line] });
  });
});

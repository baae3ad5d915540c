import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { SAMPLE_TOKENS } from "../../../bin/invoke/sample-tokens.ts";
import {
  type Endpoint,
  endpoints,
  folderOf,
  type Resource,
  type Trigger,
  triggers,
} from "../../../functions/manifest.ts";
import { COPIER } from "../../../lib/compute/lines.ts";
import type { Account } from "../../support/lambda/account.ts";
import { modulesOf, type Weight, weigh } from "../../support/lambda/cold-start.ts";
import { deploy, environmentOf } from "../../support/lambda/deployment.ts";
import { runtimeVariables } from "../../support/lambda/sandbox.ts";

type Line = Endpoint | Trigger;

/** The stage `dev` has a way out of its network, and so nothing that copies the issuer's keys. */
const LINES: readonly Line[] = [...endpoints, ...triggers].filter(({ name }) => name !== COPIER);
const KB = 1_000;

/** Which lines carry a package, which a text of its own gives away in minified code. */
const PACKAGES: Record<string, { text: string; in: (line: Line, redis: Account["redis"]) => boolean }> = {
  pg: { text: "SASL: SCRAM-SERVER-FIRST-MESSAGE", in: uses("postgres") },
  "@upstash/redis": {
    text: "Upstash-Telemetry",
    in: (line, redis) => redis === "upstash" && uses("redis")(line),
  },
  // The tests' and the benchmarks' client.
  ioredis: { text: "MaxRetriesPerRequestError", in: () => false },
  kafkajs: { text: "KafkaJSConnectionError", in: uses("kafka") },
  "@aws-sdk/client-kafka": { text: "GetBootstrapBrokers", in: uses("kafka") },
  "aws-msk-iam-sasl-signer-js": { text: "kafka-cluster:Connect", in: uses("kafka") },
  isbot: { text: "deusu/", in: uses("visitors") },
  // The relay's, and the AWS SDK's for a browser, which no function ever loads.
  bowser: { text: "SamsungBrowser", in: uses("kafka") },
  "node-pg-migrate": { text: "Not run migration", in: named("migrate") },
  "@middy/http-json-body-parser": {
    text: "Invalid or malformed JSON was provided",
    // An import reads JSON or CSV by itself.
    in: (line) =>
      "routes" in line &&
      line.name !== "import" &&
      line.routes.some(({ body }) => body && body.maxValues > 0),
  },
  // Not in scan, where a person waits.
  zod: { text: "invalid_union", in: (line) => hasSchema(line) || OF_SHARED_SCHEMAS(line) },
};

/** Whose schemas lie in what they share with others: events, styles, pages of a history. */
const OF_SHARED_SCHEMAS = named(...["relay", "persist-scans", "get", "picture", "history", "tenant-history"]);

type Kind = "scan" | "endpoint" | "drawing" | "rows" | "pipeline";

/** Endpoints that draw pictures: each format, what lays it out and the letters of captions are loaded when they are first needed. */
const DRAWING: readonly string[] = [
  "generate",
  "get",
  "picture",
  "public-picture",
  "static-picture",
  "sheets",
];

/**
 * Bounds on what a function loads before its first invocation, and on all its modules, in kB. A scan's first invocation
 * loads the Redis client, too: 81 kB of Upstash's, or a few for RESP; and the database's driver only on a miss, 87 kB.
 * What takes rows loads the parser of CSV for CSV, 32 kB.
 */
const BOUNDS: Record<Account["redis"], Record<Kind, [start: number, all: number]>> = {
  upstash: {
    scan: [80, 250],
    endpoint: [215, 400],
    drawing: [215, 480],
    rows: [215, 420],
    pipeline: [700, 1_500],
  },
  valkey: {
    scan: [80, 180],
    endpoint: [220, 300],
    drawing: [220, 410],
    rows: [220, 340],
    pipeline: [1_300, 1_600],
  },
};

function kindOf(line: Line): Kind {
  if (line.name === "scan") return "scan";
  if (DRAWING.includes(line.name)) return "drawing";
  if (line.name === "import") return "rows";
  return "routes" in line ? "endpoint" : "pipeline";
}

/** What the assets weigh, and that each holds what its line of the tables says, and no more. */
export function weightSuite(account: () => Account): void {
  const weights = new Map<string, Weight>();

  beforeAll(async () => {
    const { redis } = account();
    const deployment = deploy(
      account(),
      // Nothing listens there: a function starts all the same.
      {
        databaseUrl: "postgres://qr@127.0.0.1:1/qr",
        redis: { url: "redis://127.0.0.1:1" },
        publicUrl: "https://qr.example.com",
        tokens: SAMPLE_TOKENS,
      },
    );
    for (const { name } of LINES) {
      const asset = account().asset(name);
      weights.set(
        name,
        await weigh(
          asset,
          { ...environmentOf(asset, deployment), ...runtimeVariables(asset, account()) },
          redis === "upstash" ? 3 : 1,
        ),
      );
    }
  }, 120_000);
  afterAll(() => console.log(table(account().redis, weights)));

  it.each(LINES)("$name carries the packages that its line stands for, and no other", (line) => {
    const code = modulesOf(account().asset(line.name)).map((file) => readFileSync(file, "utf8"));
    const carried = Object.keys(PACKAGES).filter((name) =>
      code.some((text) => text.includes(PACKAGES[name]?.text ?? "")),
    );
    const expected = Object.keys(PACKAGES).filter((name) => PACKAGES[name]?.in(line, account().redis));
    expect(carried).toEqual(expected);
  });

  it.each(endpoints)("$name takes Node's own modules without what an import of them costs", ({ name }) => {
    const code = modulesOf(account().asset(name)).map((file) => readFileSync(file, "utf8"));
    const imported = code.flatMap((text) => text.match(/(?:from|import)\s*"node:[\w/]+"/g) ?? []);
    expect(imported).toEqual([]);
    // The middleware chain's.
    expect(code.some((text) => text.includes('getBuiltinModule("node:timers")'))).toBe(true);
  });

  it.each(LINES)("$name stays within its bounds", (line) => {
    const { loadedAtStart, all } = weights.get(line.name) as Weight;
    const [start, total] = BOUNDS[account().redis][kindOf(line)];
    expect(loadedAtStart).toBeLessThan(start * KB);
    expect(all).toBeLessThan(total * KB);
  });
}

function uses(resource: Resource) {
  return (line: Line) => (line.uses as readonly Resource[]).includes(resource);
}

/** Whether an endpoint checks a query or a body: whether it has a schema of its own, or takes one that it shares. */
function hasSchema(line: Line): boolean {
  const folders = "routes" in line ? line.routes.map(folderOf) : [line.name];
  return folders.some((name) => {
    const folder = join(import.meta.dirname, "../../../functions", name);
    const endpoint = join(folder, "endpoint.ts");
    if (existsSync(join(folder, "schema.ts"))) return true;
    return existsSync(endpoint) && readFileSync(endpoint, "utf8").includes('"../http/validate.ts"');
  });
}

function named(...names: string[]) {
  return (line: Line) => names.includes(line.name);
}

function table(redis: string, weights: Map<string, Weight>): string {
  const head = `${`bundles, ${redis}`.padEnd(18)} loaded at start      all JS  import above empty`;
  const kb = (bytes: number) => `${(bytes / KB).toFixed(1)} kB`;
  const rows = [...weights].map(
    ([name, { loadedAtStart, all, importMs }]) =>
      `${name.padEnd(18)} ${kb(loadedAtStart).padStart(15)} ${kb(all).padStart(11)} ${`${importMs.toFixed(0)} ms`.padStart(19)}`,
  );
  return [head, ...rows].join("\n");
}

import { randomUUID } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { APIGatewayProxyEventV2, MSKEvent } from "aws-lambda";
import { v7 as uuidv7 } from "uuid";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { SAMPLE_TOKENS } from "../../../bin/invoke/sample-tokens.ts";
import { type RedisServer, startRedisServer } from "../../../bin/local/redis-server.ts";
import { fixedKeys } from "../../../core/auth/issuer-keys.ts";
import { jwtVerifier } from "../../../core/auth/jwt.ts";
import type { Persisted } from "../../../data/persist-scans.ts";
import {
  endpoints,
  folderOf,
  lambdaOf,
  type Route,
  type RouteName,
  routeNamed,
  routes,
  triggers,
} from "../../../functions/manifest.ts";
import type { RelayReport } from "../../../functions/relay/relay.ts";
import type { ScanStats } from "../../../functions/stats/use-case.ts";
import { COPIER } from "../../../lib/compute/lines.ts";
import { adminSql, createDatabase, dropDatabase } from "../../support/admin-sql.ts";
import { type KafkaServer, startKafka } from "../../support/kafka/server.ts";
import type { Account } from "../../support/lambda/account.ts";
import { bytesOf } from "../../support/lambda/cold-start.ts";
import { type DeployedFunctions, deployFunctions } from "../../support/lambda/functions.ts";
import { type IamKafka, startIamKafka } from "../../support/lambda/iam-kafka.ts";
import { recordLog } from "../../support/log-recorder.ts";
import { readTopic, testKafka } from "../../support/pipeline/topic.ts";
import { lacks } from "../../support/requirements.ts";
import { FUNCTIONS, sampleEvent } from "../../support/sample-event.ts";

/** Events as AWS would send them, for `sam local invoke -e`, too. */
const EVENTS = globSync("{*,*/*}/event.json", { cwd: FUNCTIONS });

const DEPLOY_DOCS = readFileSync(new URL("../../../docs/deploy.md", import.meta.url), "utf8");

/** The one token that a sample may hold: the sample issuer's, whose private key nobody has. */
async function sampleAuthorization(file: string): Promise<string> {
  const { headers } = JSON.parse(readFileSync(join(FUNCTIONS, file), "utf8")) as {
    headers?: Record<string, string>;
  };
  const authorization = headers?.authorization ?? "";
  if (authorization === "") return "";
  const { TOKEN_ISSUER: issuer, TOKEN_AUDIENCE: audience, TOKEN_KEYS_URL: keysUrl } = SAMPLE_TOKENS;
  const { keyOf } = fixedKeys(await (await fetch(keysUrl)).json());
  const verify = jwtVerifier({ issuer, audience: [audience], keyOf });
  expect(await verify(authorization.replace(/^Bearer /, ""), Date.now())).toHaveProperty("payload");
  return authorization;
}

/** Codes of the sample import, beside the one whose life the others tell. */
const IMPORTED = 2;

/** What the samples of a code's life are answered with, in that order. */
const REPLIES: [name: RouteName, status: number, shows: object][] = [
  ["generate", 201, { qrId: "summer-menu", tenantId: "tenant_acme" }],
  ["list", 200, { count: 1, qrCodes: [{ qrId: "summer-menu" }] }],
  ["patch", 200, { targetUrl: "https://example.com/autumn" }],
  ["bulk", 200, { selected: 1, changed: ["summer-menu"] }],
  ["get", 200, { name: "Menu", fallbackUrl: "https://example.com/" }],
  ["picture", 200, {}],
  ["static-picture", 200, {}],
  ["sheets", 200, {}],
  ["public-svg", 200, {}],
  ["public-png", 200, {}],
  ["scan", 302, {}],
  ["stats", 200, { scans: 1, today: 1, source: "redis" }],
  ["tenant-stats", 200, { tz: "Europe/Berlin", unscannedCount: 1 }],
  ["scans", 200, {}],
  ["tenant-scans", 200, {}],
  ["export", 200, {}],
  ["import", 200, { rows: IMPORTED, created: IMPORTED, failed: 0 }],
  ["create-key", 201, { name: "Label printer", scopes: ["qr:read"] }],
  ["list-keys", 200, { count: 1, keys: [{ name: "Label printer" }] }],
  ["revoke-key", 404, {}],
  ["health", 200, { status: "ok", redis: "ok", postgres: "ok" }],
];

/** The relay ends 20 s before its time is up: this leaves it two for its work. */
const SHORT_RUN = { timeoutMs: 22_000 };

/** Started as often as a slow machine may need it; in AWS the schedule does that. */
const MAX_RUNS = 5;

interface Reply {
  statusCode: number;
  headers: Record<string, string>;
  body?: string;
}

const noKafka = await lacks("kafka");

/** The sample events of a code's life, and of what happens behind the API, in a new deployment. */
export function eventsSuite(account: () => Account): void {
  const log = recordLog();
  const database = `events_${randomUUID()}`;
  const url = new URL(inject("postgresUrl"));
  url.pathname = `/${database}`;
  let redis: RedisServer;
  let functions: DeployedFunctions;

  beforeAll(async () => {
    redis = await startRedisServer();
    await createDatabase(inject("postgresUrl"), database);
    functions = await deployFunctions(account(), {
      databaseUrl: url.href,
      redisUrl: redis.url,
      publicUrl: "https://qr.example.com",
      log,
      tokens: SAMPLE_TOKENS,
    });
  });
  afterAll(async () => {
    await functions.stop();
    await redis.stop();
    await dropDatabase(inject("postgresUrl"), database);
  });

  const sql = (statement: string) => adminSql(url.href, statement);

  it("are one for each route, one of the schedule and one of the topic", () => {
    const started = triggers.filter(({ startedBy }) => startedBy !== "deploy");
    const folders = [...(routes as readonly Route[]).map(folderOf), ...started.map(({ name }) => name)];
    expect(EVENTS.map(dirname).sort()).toEqual(folders.sort());
  });

  it("are what docs/deploy.md invokes by SAM, each with the function that takes it", () => {
    for (const { name } of [...endpoints, ...triggers].filter(({ name }) => name !== COPIER))
      expect(account().asset(name).samId).toBe(`qr-dev-${name}`);
    const invocations = [
      ...DEPLOY_DOCS.matchAll(
        /sam local invoke qr-dev-(\S+) -t cdk\.out\/(\S+) -e functions\/(\S+)\/event\.json/g,
      ),
    ];
    expect(invocations.length).toBeGreaterThan(0);
    for (const [, name = "", template, event = ""] of invocations) {
      expect(account().asset(name).template).toBe(template);
      expect(event).toBe(name);
    }
  });

  it("hold nobody's token or address", async () => {
    for (const file of EVENTS) {
      const text = readFileSync(join(FUNCTIONS, file), "utf8").replace(await sampleAuthorization(file), "");
      expect(text).not.toMatch(/Bearer|eyJ[\w-]+\.|AKIA/);
      for (const [address] of text.matchAll(/\b\d+\.\d+\.\d+\.\d+\b/g)) {
        expect(address === "203.0.113.7" || text.includes(`/${address} `)).toBe(true);
      }
    }
  });

  it("(of a deploy) makes the schema of an empty database, and is idempotent", async () => {
    for (let run = 0; run < 2; run++) expect(await functions.named("migrate").invoke({})).toBeNull();
    const [found] = await sql(
      "SELECT to_regclass('qr_codes') AS codes, to_regclass('scan_events') AS events",
    );
    expect(found).toEqual({ codes: "qr_codes", events: "scan_events" });
  });

  async function answer(name: RouteName): Promise<Reply> {
    const route: Route = routeNamed(name);
    const event = sampleEvent<APIGatewayProxyEventV2>(route);
    const reply = (await functions.named(lambdaOf(route)).invoke(event)) as Reply;
    expect(reply.headers["x-request-id"]).toBe(event.requestContext.requestId);
    return reply;
  }

  /** Runs the relay in a sandbox of its own until its reports, added up, satisfy `done`. */
  async function relayUntil(done: (sum: RelayReport) => boolean): Promise<RelayReport> {
    const relay = functions.changed("relay", SHORT_RUN);
    let sum = (await relay.invoke(sampleEvent("relay"))) as RelayReport;
    for (let run = 1; run < MAX_RUNS && !done(sum); run++) {
      const report = (await relay.invoke(sampleEvent("relay"))) as RelayReport;
      const added = { published: 0, failures: 0, invalidations: 0 };
      for (const name of ["published", "failures", "invalidations"] as const)
        added[name] = sum[name] + report[name];
      sum = { ...report, ...added };
    }
    return sum;
  }

  it.each(REPLIES)("(%s.json) is answered with %i", async (name, status, shows) => {
    const reply = await answer(name);
    expect(reply.statusCode, reply.body).toBe(status);
    const body = reply.headers["content-type"]?.endsWith("json") ? JSON.parse(reply.body ?? "") : {};
    expect(body).toMatchObject(shows);
  });

  it("(scan.json) redirects from the cache in a new sandbox, by less than 200 kB of code", async () => {
    const scan = functions.changed("scan", {});
    const { headers } = (await scan.invoke(sampleEvent("scan"))) as Reply;
    expect(headers.location).toBe("https://example.com/autumn");
    expect([...scan.loaded()].filter((file) => file.startsWith("open-postgres"))).toEqual([]);
    expect([...scan.loaded()].some((file) => file.startsWith("upstash"))).toBe(true);
    const { folder } = account().asset("scan");
    expect(bytesOf([...scan.loaded()].map((file) => join(folder, file)))).toBeLessThan(200_000);
  });

  it("(persist-scans.json) is a batch without a dead letter, and persists once while it is within the retention", async () => {
    const batch = sampleEvent<MSKEvent>("persist-scans");
    const persist = functions.named("persist-scans");
    const recorded = (await persist.invoke(batch)) as Persisted;
    expect(recorded).toMatchObject({ deadLetters: 0, duplicates: 0 });
    expect(recorded.persisted + recorded.expired).toBe(3);
    const today = dated(batch, new Date());
    expect(await persist.invoke(today)).toMatchObject({ persisted: 3, duplicates: 0, deadLetters: 0 });
    expect(await persist.invoke(today)).toMatchObject({ persisted: 0, duplicates: 3, deadLetters: 0 });
    const stats = JSON.parse((await answer("stats")).body ?? "") as ScanStats;
    expect(stats).toMatchObject({ bots: 1, uniqueVisitors: 2, countries: [{ value: "DE", scans: 2 }] });
  });

  it("(relay.json) replays what Redis was not told, though Kafka does not answer, and keeps the scans", async () => {
    await sql(
      `INSERT INTO pending_invalidations (tenant_id, qr_id, deleted) VALUES ('tenant_acme', 'summer-menu', false)`,
    );
    const report = await relayUntil(({ invalidations }) => invalidations > 0);
    expect(report).toMatchObject({ published: 0, invalidations: 1 });
    expect(report.failures).toBeGreaterThan(0);
    expect(report.depth).toBeGreaterThan(0);
  });

  describe.skipIf(noKafka)("with a Kafka that takes IAM over TLS", () => {
    let kafka: KafkaServer;
    let msk: IamKafka;
    beforeAll(async () => {
      kafka = await startKafka();
      msk = await startIamKafka(kafka.brokers, account().certificate);
      account().aws.brokers = msk.brokers;
    });
    afterAll(async () => {
      await msk.stop();
      await kafka.stop();
    });

    it("(of a deploy) makes the topic, and is idempotent", async () => {
      for (let run = 0; run < 2; run++) expect(await functions.named("create-topic").invoke({})).toBeNull();
      const admin = testKafka(kafka.brokers).admin();
      const { topics } = await admin.fetchTopicMetadata({ topics: ["qr.events"] });
      await admin.disconnect();
      expect(topics[0]?.partitions).toHaveLength(12);
      expect(msk.signIns[0]?.searchParams.get("Action")).toBe("kafka-cluster:Connect");
    });

    it("(relay.json) publishes what waited, each once, and leaves nothing behind", async () => {
      const report = await relayUntil(({ depth }) => depth === 0);
      expect(report.depth).toBe(0);
      const events = await readTopic(testKafka(kafka.brokers), "qr.events");
      expect(events).toHaveLength(report.published);
      expect(events.map(({ type }) => type).sort()).toEqual([
        ...Array(1 + IMPORTED).fill("qr.created"),
        ...Array(2).fill("qr.scanned"),
        ...Array(2).fill("qr.updated"),
      ]);
      expect(new Set(events.map(({ qrId }) => qrId)).size).toBe(1 + IMPORTED);
    });
  });

  it("(delete.json) is answered with 204, and the scan with 302 to the fallback", async () => {
    expect((await answer("delete")).statusCode).toBe(204);
    expect((await answer("scan")).headers.location).toBe("https://example.com/");
  });

  it("leave no error in the log", () => {
    expect(log.lines.filter(({ level }) => level === "error")).toEqual([]);
  });
}

/** The batch as if it had been recorded at `time`: each record's event happened then, and is another one. */
function dated({ records, ...batch }: MSKEvent, time: Date): MSKEvent {
  const moved = Object.entries(records).map(([partition, list]) => [
    partition,
    list.map((record) => {
      const event = JSON.parse(Buffer.from(record.value, "base64").toString());
      const changed = { ...event, eventId: uuidv7(), occurredAt: time.toISOString() };
      return { ...record, value: Buffer.from(JSON.stringify(changed)).toString("base64") };
    }),
  ]);
  return { ...batch, records: Object.fromEntries(moved) };
}

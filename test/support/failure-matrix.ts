import { expect } from "vitest";
import { type Route, type RouteName, routes } from "../../functions/manifest.ts";
import { smallPng } from "./bad-logos.ts";
import type { Fault } from "./fault-proxy.ts";
import type { TestStack } from "./test-stack.ts";
import { PHONE } from "./user-agents.ts";

/** Faults by name, for either kind of server. Random bytes are drawn once, so that a run can be repeated. */
export const FAULTS = {
  refuses: { kind: "refuse" },
  "drops all packets": { kind: "black-hole" },
  "replies only when nobody waits any more": { kind: "late" },
  "closes after the first bytes of a reply": { kind: "cut", bytes: 3 },
  "closes before the last bytes of a reply": { kind: "cut", bytes: -3 },
  "replies with random bytes": {
    kind: "garbage",
    reply: Buffer.from("f19b0d3c7ae2845f9006c1d8b24e77a3", "hex"),
  },
  "resets its connections": { kind: "reset" },
} as const satisfies Record<string, Fault>;

/** A visitor's address, as a proxy in front of the service tells it; a secret in a scan's and in a target's URL. */
const VISITOR_ADDRESS = "203.0.113.77";
const SCAN_SECRET = "secret-of-the-scan-url";
export const TARGET = "https://example.com/menu?session=secret-of-the-target-url";

/** What is persisted of every code before its round. */
export const SCANS_BEFORE = 7;

interface Answer {
  reply: Response;
  body: string;
}

type Ask = (stack: TestStack, tenant: string) => Promise<Response>;

const visitor = { "user-agent": PHONE, "x-forwarded-for": VISITOR_ADDRESS, accept: "application/json" };
const scan = (qrId: string, method: string): Ask => {
  return (stack, tenant) =>
    stack.call(`/scan/${tenant}-${qrId}?utm=${SCAN_SECRET}`, { tenant: null, method, headers: visitor });
};
const publicPicture = (format: string): Ask => {
  return (stack, tenant) =>
    stack.call(`/scan/${tenant}-drawn/picture.${format}`, { tenant: null, headers: visitor });
};
const ask = (path: string, init: { method?: string; json?: unknown } = {}): Ask => {
  return (stack, tenant) =>
    stack.call(path.replace("{tenant}", tenant), { ...init, tenant, headers: visitor });
};

interface Endpoint {
  route: RouteName;
  status: number;
  ask: Ask;
  /** Set where the database alone answers. */
  asksRedis?: false;
}

/** Each upload is of a name of its own. */
let logos = 0;

/** Requests with the status that each is answered with when all is well. None changes what another one reads. */
export const ENDPOINTS = {
  list: { route: "list", status: 200, ask: ask("/qr") },
  get: { route: "get", status: 200, ask: ask("/qr/{tenant}-read") },
  picture: { route: "picture", status: 200, ask: ask("/qr/{tenant}-drawn/picture?format=png") },
  stats: { route: "stats", status: 200, ask: ask("/qr/{tenant}-counted/stats") },
  history: { route: "history", status: 200, ask: ask("/qr/{tenant}-read/history"), asksRedis: false },
  "tenant's history": { route: "tenant-history", status: 200, ask: ask("/history"), asksRedis: false },
  "tenant-stats": {
    route: "tenant-stats",
    status: 200,
    ask: ask("/stats?tz=Europe/Berlin"),
    asksRedis: false,
  },
  scans: { route: "scans", status: 200, ask: ask("/qr/{tenant}-counted/scans") },
  "tenant-scans": { route: "tenant-scans", status: 200, ask: ask("/scans?format=ndjson"), asksRedis: false },
  export: { route: "export", status: 200, ask: ask("/export") },
  generate: {
    route: "generate",
    status: 201,
    ask: ask("/generate", { method: "POST", json: { targetUrl: TARGET } }),
  },
  import: {
    route: "import",
    status: 200,
    ask: ask("/import", { method: "POST", json: { codes: [{ targetUrl: TARGET }, { targetUrl: TARGET }] } }),
  },
  bulk: {
    route: "bulk",
    status: 200,
    ask: (stack, tenant) =>
      stack.call("/bulk", {
        ...{ tenant, method: "POST", headers: visitor },
        json: { select: { ids: [`${tenant}-tagged`] }, addTags: ["new"] },
      }),
  },
  patch: {
    route: "patch",
    status: 200,
    ask: ask("/qr/{tenant}-patched", { method: "PATCH", json: { name: "New" } }),
  },
  delete: { route: "delete", status: 204, ask: ask("/qr/{tenant}-deleted", { method: "DELETE" }) },
  restore: { route: "restore", status: 200, ask: ask("/qr/{tenant}-restored/restore", { method: "POST" }) },
  "get-style": { route: "get-style", status: 200, ask: ask("/style"), asksRedis: false },
  // Of another tenant: a change closes what a picture reads.
  "put-style": {
    route: "put-style",
    status: 200,
    ask: (stack, tenant) =>
      stack.call("/style", {
        tenant: `${tenant}-styled`,
        method: "PUT",
        json: { margin: 2 },
        headers: visitor,
      }),
  },
  "list-logos": { route: "list-logos", status: 200, ask: ask("/logos"), asksRedis: false },
  "get-logo": { route: "get-logo", status: 200, ask: ask("/logos/read"), asksRedis: false },
  "put-logo": {
    route: "put-logo",
    status: 201,
    ask: (stack, tenant) =>
      stack.call(`/logos/new-${logos++}`, {
        ...{ tenant, method: "PUT", body: new Uint8Array(smallPng()) },
        headers: visitor,
      }),
    asksRedis: false,
  },
  "delete-logo": {
    route: "delete-logo",
    status: 204,
    ask: ask("/logos/deleted", { method: "DELETE" }),
    asksRedis: false,
  },
  "list-keys": { route: "list-keys", status: 200, ask: ask("/keys"), asksRedis: false },
  "create-key": {
    route: "create-key",
    status: 201,
    ask: ask("/keys", { method: "POST", json: { name: "Machine", scopes: ["qr:read"] } }),
    asksRedis: false,
  },
  "revoke-key": {
    route: "revoke-key",
    status: 204,
    ask: (stack, tenant) =>
      stack.call(`/keys/${keyOf(tenant)}`, { tenant, method: "DELETE", headers: visitor }),
  },
  "static-picture": {
    route: "static-picture",
    status: 200,
    ask: ask("/pictures?format=png", { method: "POST", json: { text: TARGET } }),
  },
  sheets: {
    route: "sheets",
    status: 200,
    ask: (stack, tenant) =>
      stack.call("/sheets", {
        ...{ tenant, method: "POST", headers: visitor },
        json: { ids: [`${tenant}-drawn`, `${tenant}-read`], layout: "a4-3x8" },
      }),
  },
  scan: { route: "scan", status: 302, ask: scan("scanned", "GET") },
  "scan by HEAD": { route: "scan", status: 302, ask: scan("peeked", "HEAD") },
  "public-svg": { route: "public-svg", status: 200, ask: publicPicture("svg"), asksRedis: false },
  "public-png": { route: "public-png", status: 200, ask: publicPicture("png"), asksRedis: false },
  health: { route: "health", status: 200, ask: ask("/health") },
} as const satisfies Record<string, Endpoint>;

export type EndpointName = keyof typeof ENDPOINTS;

export const ALL = Object.keys(ENDPOINTS) as EndpointName[];

export const asksRedis = (name: EndpointName) => !("asksRedis" in ENDPOINTS[name]);

const asked = new Set<string>(Object.values(ENDPOINTS).map(({ route }) => route));
for (const { name, methods, path, uses } of routes as readonly Route[]) {
  if (asked.has(name) || uses.length === 0) continue;
  throw new Error(
    `ENDPOINTS in test/support/failure-matrix.ts lacks a request for ${methods} ${path} ("${name}")`,
  );
}

/** What every endpoint answers when all is well. */
export const AS_ALWAYS = Object.fromEntries(ALL.map((name) => [name, ENDPOINTS[name].status]));

let tenants = 0;

/** A tenant that has a code for each endpoint; none of them is cached. */
export async function newTenant(sql: TestStack["database"]["sql"]): Promise<string> {
  const tenant = `tenant-${process.pid}-${++tenants}`;
  const codes = ["read", "drawn", "counted", "patched", "tagged", "deleted", "restored", "scanned", "peeked"];
  await sql(
    `WITH codes AS (
       INSERT INTO qr_codes (qr_id, tenant_id, target_url, created_at, updated_at, deleted_at)
       SELECT $1 || '-' || name, $1, $2, now(), now(), CASE WHEN name = 'restored' THEN now() END
       FROM unnest($3::text[]) name RETURNING qr_id)
     INSERT INTO scan_totals (qr_id, scans, bots) SELECT qr_id, ${SCANS_BEFORE}, 0 FROM codes`,
    [tenant, TARGET, codes],
  );
  await sql(
    `INSERT INTO logos (tenant_id, name, png, width, height, digest, created_at, updated_at)
     SELECT $1, name, $2, 8, 8, '', now(), now() FROM unnest('{read,deleted}'::text[]) name`,
    [tenant, smallPng()],
  );
  await sql(
    `INSERT INTO api_keys (key_id, tenant_id, hash, name, scopes, created_by, created_at)
     VALUES ($1, $2, repeat('0', 64), 'Machine', '{qr:read}', '{"type":"user","id":"local","name":null}', now())`,
    [keyOf(tenant), tenant],
  );
  return tenant;
}

/** The ID of the API key that the tenant has. */
function keyOf(tenant: string): string {
  return tenant.replace(/\D/g, "").padStart(16, "0");
}

/** Asks one endpoint and waits until the whole answer is there. */
export async function answerOf(name: EndpointName, stack: TestStack, tenant: string): Promise<Answer> {
  const reply = await ENDPOINTS[name].ask(stack, tenant);
  return { reply, body: await reply.text() };
}

export interface Round {
  /** By endpoint. */
  statuses: Record<string, number>;
  answers: Record<string, Answer>;
}

/** Asks these endpoints at the same time. Returns at all only if none of them waits for a fault to end. */
export async function round(
  stack: TestStack,
  tenant: string,
  names: readonly EndpointName[] = ALL,
): Promise<Round> {
  const entries = await Promise.all(
    names.map(async (name) => [name, await answerOf(name, stack, tenant)] as const),
  );
  return {
    statuses: Object.fromEntries(entries.map(([name, { reply }]) => [name, reply.status])),
    answers: Object.fromEntries(entries),
  };
}

/** Fails unless a 503 is a problem that says when to come back, and says nothing of the inside. */
export function expectUnavailable({ reply, body }: Answer): void {
  expect(reply.status).toBe(503);
  expect(Number(reply.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(reply.headers.get("content-type")).toBe("application/problem+json");
  expect(JSON.parse(body)).toMatchObject({
    status: 503,
    detail: "the database does not answer; try again shortly",
  });
}

type StreamEntries = [id: string, fields: string[]][];

/** What became of the scans of a tenant's scanned code. */
export async function scansOf({ services }: TestStack, sql: TestStack["database"]["sql"], tenant: string) {
  const qrId = `${tenant}-scanned`;
  const stream = (await services.redis.command("XRANGE", "qr-service:outbox", "-", "+")) as StreamEntries;
  const streamed = stream
    .map(([, [, event]]) => JSON.parse(event ?? "") as { eventId: string; qrId: string })
    .filter((event) => event.qrId === qrId)
    .map(({ eventId }) => eventId);
  const rows = await sql<{ event_id: string }>(
    "SELECT event_id FROM event_outbox WHERE qr_id = $1 AND type = 'qr.scanned'",
    [qrId],
  );
  const counter = await services.redis.command("GET", `qr-service:scan-count:${qrId}`);
  return {
    /** Events that are in the stream or in the table, each counted once by its ID. */
    captured: new Set([...streamed, ...rows.map(({ event_id }) => event_id)]).size,
    streamed: streamed.length,
    /** What Redis has counted since the round began; `null` if it has no counter. */
    counted: counter === null ? null : Number(counter) - SCANS_BEFORE,
  };
}

/** Fails if a log line tells a token, a password, a client's address or a part of a URL behind its path. */
export function expectDiscreetLog({ log }: TestStack, secrets: string[]): void {
  for (const line of log.lines) {
    // The stack of an error names files of this machine; a driver names the server that it can't reach.
    const text = JSON.stringify(line).replaceAll(/127\.0\.0\.1:\d+/g, "<server>");
    for (const secret of [...secrets, SCAN_SECRET, "secret-of-the-target-url", "Bearer"])
      expect(text).not.toContain(secret);
    // The start of a token; three letters alone come up in a random request ID.
    expect(text).not.toMatch(/\beyJ[\w-]{5,}\./);
    expect(text).not.toMatch(/\b\d{1,3}(\.\d{1,3}){3}\b/);
  }
}

/** Collects what nobody caught, from now on. */
export function watchUncaught(): { seen: unknown[]; stop(): void } {
  const seen: unknown[] = [];
  const note = (reason: unknown) => void seen.push(reason);
  process.on("unhandledRejection", note);
  process.on("uncaughtExceptionMonitor", note);
  return {
    seen,
    stop() {
      process.off("unhandledRejection", note);
      process.off("uncaughtExceptionMonitor", note);
    },
  };
}

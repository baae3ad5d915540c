import type { AddressInfo } from "node:net";
import { v7 as uuidv7 } from "uuid";
import { openConsole } from "../../bin/local/console.ts";
import { closeGateway, openPort, serveGateway } from "../../bin/local/gateway.ts";
import { createHandlers } from "../../bin/local/handlers.ts";
import { countedMetrics } from "../../bin/local/metrics/counted.ts";
import { openMetrics } from "../../bin/local/metrics/pages.ts";
import { LOCAL_TOKENS } from "../../bin/local/tokens.ts";
import { fixedKeys } from "../../core/auth/issuer-keys.ts";
import { SCOPES } from "../../core/auth/scopes.ts";
import type { ScannedEvent } from "../../core/events/schema.ts";
import { persist } from "../../data/persist-scans.ts";
import { maintainPartitions } from "../../data/postgres/partitions.ts";
import { CacheKeys } from "../../data/redis/keys.ts";
import { routes, triggers } from "../../functions/manifest.ts";
import { readEnv } from "../../functions/runtime/env.ts";
import { type Services, servicesFrom } from "../../functions/runtime/services.ts";
import { seededRandom } from "../random.ts";
import type { Servers } from "../servers.ts";

export const DEMO_TENANT = "tenant_acme";

/** The one that is looked at. */
export const DEMO_CODE = "summer-menu";

const DAY_MS = 86_400_000;
const DAYS = 60;
const RETENTION_MONTHS = 13;

/** Enough for the Service page to have something to say. Scans without a browser's name change no figure. */
const READS = 300;

/** What a restaurant, a museum and their visitors might have, oldest first. */
const CODES = [
  { targetUrl: "https://museum.example/he/tour", name: "סיור קולי", tags: ["museum", "audio"], perDay: 6 },
  { targetUrl: "https://museum.example/ar/1904", name: "معرض الخريف", tags: ["متحف"], perDay: 9 },
  { targetUrl: "https://駅.example/時刻表", name: "駅の時刻表", tags: ["駅"], perDay: 14 },
  {
    targetUrl: "https://events.example/openair",
    name: "Open air ticket gate",
    tags: ["event"],
    expiresAt: "2026-01-01T00:00:00Z",
  },
  {
    targetUrl: "https://events.example/new-year",
    name: "New Year's party",
    tags: ["event"],
    startsAt: "2098-12-30T00:00:00Z",
  },
  {
    targetUrl: "https://shop.example/care",
    name: "Packaging: how to care for your oak table",
    tags: ["packaging", "care"],
    maxScans: 5_000,
    perDay: 22,
  },
  { targetUrl: "https://nordlicht.example/wine", name: "Wine list", tags: ["tables"], perDay: 11 },
  { targetUrl: "https://nordlicht.example/poster?utm_source=poster", tags: ["poster"], perDay: 18 },
  {
    targetUrl: "https://nordlicht.example/menu/summer",
    name: "Summer menu",
    tags: ["tables", "menu"],
    qrId: DEMO_CODE,
    perDay: 48,
  },
];

const [COUNTRIES, DEVICES, BROWSERS, REFERRERS] = [
  ["DE", "DE", "DE", "AT", "CH", "FR", "DK"],
  ["mobile", "mobile", "mobile", "tablet", "desktop"],
  ["Safari", "Chrome", "Chrome", "Samsung Internet", "Firefox"],
  [null, null, null, "instagram.com", "maps.google.com"],
];

export interface Demo {
  baseUrl: string;
  close(): Promise<void>;
}

/** The service with its console and two months of made-up scans, the same in each run but for the dates. */
export async function startDemo(servers: Servers): Promise<Demo> {
  const server = await openPort("127.0.0.1", 0);
  const port = String((server.address() as AddressInfo).port);
  const baseUrl = `http://127.0.0.1:${port}`;
  const uses = [...routes, ...triggers].flatMap((part) => [...part.uses]);
  const env = readEnv(uses, {
    ...servers.env,
    ...LOCAL_TOKENS,
    PUBLIC_BASE_URL: "https://qr.example.com",
    LOG_LEVEL: "ERROR",
  });
  const counted = countedMetrics();
  const services = await servicesFrom(env, {
    issuerKeys: fixedKeys(servers.issuer.publicKeys),
    metrics: counted.metrics,
  });
  const dataFolder = servers.env.KEY_FOLDER ?? "";
  const pages = await openConsole({
    services,
    issuer: servers.issuer,
    dataFolder,
    tenantClaim: "tenant_id",
    host: "127.0.0.1",
    port,
    publicBaseUrl: baseUrl,
  });
  const figures = await openMetrics({ services, counted, dataFolder, host: "127.0.0.1" });
  serveGateway(server, {
    handlers: createHandlers(services, counted.metricsOf),
    replied: counted.replied,
    log: services.log,
    beside: async (request, path) => pages.beside(request, path) ?? figures.beside(request, path),
    signIn: pages.signIn,
  });
  await fill(servers, services, baseUrl);
  return {
    baseUrl,
    async close() {
      figures.stop();
      server.closeAllConnections();
      await closeGateway(server);
      await services.close();
    },
  };
}

async function fill(servers: Servers, services: Services, baseUrl: string): Promise<void> {
  const token = await servers.issuer.issue([DEMO_TENANT], SCOPES);
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const send = async (method: string, path: string, body?: object) => {
    const reply = await fetch(`${baseUrl}${path}`, {
      method,
      headers,
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${await reply.text()}`);
    return (reply.status === 204 ? undefined : await reply.json()) as { qrId: string };
  };
  await maintainPartitions(services.db, Date.now(), RETENTION_MONTHS);
  for (const { perDay = 0, ...fields } of CODES) {
    const { qrId } = await send("POST", "/generate", fields);
    if (perDay > 0)
      await persist(
        services,
        { scans: scansOf(qrId, fields.targetUrl, perDay), dead: [], others: 0 },
        RETENTION_MONTHS,
      );
    if (fields.name === "Wine list") await send("PATCH", `/qr/${qrId}`, { status: "paused" });
  }
  await send("PATCH", `/qr/${DEMO_CODE}`, {
    targetUrl: "https://nordlicht.example/menu/autumn",
    name: "Autumn menu",
  });
  await send("PATCH", `/qr/${DEMO_CODE}`, {
    targetUrl: "https://nordlicht.example/menu/summer",
    name: "Summer menu",
  });
  // As if they had been made one after another, two months ago and later.
  await servers.sql.query(
    `UPDATE qr_codes SET created_at = now() - ${DAYS} * interval '1 day' + (created_at - first) * 100000
     FROM (SELECT min(created_at) AS first FROM qr_codes) oldest`,
  );
  await servers.sql.query(
    "UPDATE unscanned_codes u SET created_at = q.created_at FROM qr_codes q WHERE q.qr_id = u.qr_id",
  );
  const { qrId } = await send("POST", "/generate", {
    targetUrl: "https://nordlicht.example/brunch",
    name: "Brunch flyer",
  });
  await send("DELETE", `/qr/${qrId}`);
  await send("POST", "/keys", { name: "Label printer", scopes: ["qr:read"] });
  await send("POST", "/keys", {
    name: "Shop",
    scopes: ["qr:read", "qr:write"],
    expiresAt: "2098-12-31T23:00:00Z",
  });
  for (let reads = 0; reads < READS; reads++) {
    await send("GET", "/qr");
    await send("GET", `/qr/${DEMO_CODE}`);
    await fetch(`${baseUrl}/scan/${DEMO_CODE}`, { redirect: "manual" });
  }
  // Nothing publishes here: the events would seem to be stuck.
  await servers.redis.del(CacheKeys.outbox);
  await servers.sql.query("DELETE FROM event_outbox");
}

/** Scans of the last two months: more at noon, in the evening and at weekends, and growing. */
function scansOf(qrId: string, targetUrl: string, perDay: number): ScannedEvent[] {
  const random = seededRandom(perDay);
  const pick = <T>(of: readonly T[] | undefined): T => of?.[Math.floor(random() * of.length)] as T;
  const now = Date.now();
  return Array.from({ length: DAYS }, (_, index) => DAYS - 1 - index).flatMap((daysAgo) => {
    const start = now - (now % DAY_MS) - daysAgo * DAY_MS;
    const isWeekend = [0, 6].includes(new Date(start).getUTCDay());
    const count = Math.round(perDay * (isWeekend ? 1.7 : 1) * (1.4 - daysAgo / DAYS) * (0.75 + random() / 2));
    return Array.from({ length: count }, (): ScannedEvent => {
      const hour = random() < 0.4 ? 11 + random() * 3 : 16 + random() * 6;
      const at = Math.min(start + hour * 3_600_000, now - random() * 600_000);
      return {
        eventId: uuidv7({ msecs: at }),
        type: "qr.scanned",
        version: 1,
        occurredAt: new Date(at).toISOString(),
        tenantId: DEMO_TENANT,
        qrId,
        targetUrl,
        bot: random() < 0.02,
        country: pick(COUNTRIES) as string,
        device: pick(DEVICES) as ScannedEvent["device"],
        os: "iOS",
        browser: pick(BROWSERS) as string,
        referrerHost: pick(REFERRERS),
        visitor: `visitor-${Math.floor(random() * count * 0.8)}-${daysAgo}`,
      };
    });
  });
}

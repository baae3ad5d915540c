import { utcDate } from "../../../core/utc-date.ts";
import { CODE_COLUMNS, type CodeRow, codeOf } from "../../../data/postgres/code-row.ts";
import { CacheKeys } from "../../../data/redis/keys.ts";
import { listPage } from "../../../functions/list/use-case.ts";
import { listedCodes } from "../listed-codes.ts";
import { countable } from "./check-counts.ts";
import { leadOf, leadText } from "./checker.ts";
import { CODES, TENANTS } from "./commands.ts";
import { evictCache } from "./evict.ts";
import { describeSeen, type History, type SeenCode } from "./history.ts";
import { checkKeysInTheEnd } from "./keys-in-the-end.ts";
import { perform, relay } from "./perform.ts";
import { type CodeState, isOf, Versions } from "./versions.ts";
import type { World } from "./world.ts";

/**
 * Looks at a world in which nobody works any more, over services that wait for no scheduler: every read tells what
 * the database holds, first from the cache as the clients left it and then without it; a deleted code has left
 * nothing behind; and once the captured scans are persisted, each of them counts exactly once.
 */
export async function checkQuiescence(world: World, history: History): Promise<string[]> {
  const versions = new Versions(history);
  const violations = [
    ...(await checkReads(world, versions, "as the clients left the cache")),
    ...(await checkKeysInTheEnd(world, history, "as the clients left the cache")),
    ...(await checkRemains(world, versions)),
  ];
  await relay(world.services);
  await evictCache(world.services.redis);
  return [
    ...violations,
    ...(await checkReads(world, versions, "without the cache")),
    ...(await checkKeysInTheEnd(world, history, "without the cache")),
    ...(await checkScans(world, history, versions)),
    ...(await checkRemains(world, versions)),
  ];
}

async function checkReads(world: World, versions: Versions, when: string): Promise<string[]> {
  const told = await Promise.all([
    ...TENANTS.map((tenant) => checkList(world, versions, tenant)),
    ...TENANTS.flatMap((tenant) => CODES.map((code) => checkGet(world, versions, tenant, code))),
    ...CODES.map((code) => checkPeek(world, versions, code)),
  ]);
  return told
    .filter(({ said, expected }) => said !== expected)
    .map(({ what, said, expected }) => `${when}, ${what} told in the end ${said} instead of ${expected}`);
}

interface Told {
  what: string;
  said: string;
  expected: string;
}

/** The list is what the changes made of the codes, and in every field and in its order what the database holds. */
async function checkList({ services, names }: World, versions: Versions, tenant: string): Promise<Told> {
  const rows = await services.db.read<CodeRow>(
    `SELECT ${CODE_COLUMNS} FROM qr_codes WHERE tenant_id = $1 AND deleted_at IS NULL
     ORDER BY created_at DESC, qr_id DESC`,
    [names.id(tenant)],
  );
  const listed = listedCodes(await listPage(services, names.id(tenant), {})).map(({ code }) => code);
  const describe = (seen: SeenCode) => `${seen.code}: ${describeSeen(seen)}`;
  const said = String(listed.map((code) => describe(names.seen(code))).sort());
  const live = CODES.map((code) => versions.last(code)).filter((state) => isOf(state, tenant));
  const expected = String(live.map(describe).sort());
  const what = `list as ${tenant}`;
  if (said !== expected) return { what, said: said || "nothing", expected: expected || "nothing" };
  return { what, said: JSON.stringify(listed), expected: JSON.stringify(rows.map(codeOf)) };
}

async function checkGet(world: World, versions: Versions, tenant: string, code: string): Promise<Told> {
  const state = versions.last(code);
  const reply = await perform(world, { kind: "get", tenant, code }, 0);
  return {
    what: `get ${code} as ${tenant}`,
    said: reply.kind === "code" ? describeSeen(reply.seen) : reply.kind,
    expected: isOf(state, tenant) ? describeSeen(state) : "not found",
  };
}

async function checkPeek(world: World, versions: Versions, code: string): Promise<Told> {
  const reply = await perform(world, { kind: "scan", code, mode: "peek" }, 0);
  return {
    what: `peek ${code}`,
    said: reply.kind === "redirect" ? leadText(reply.state, reply.url) : reply.kind,
    expected: leadText(...leadOf(versions.last(code))),
  };
}

/** Once they are persisted, all scans count, also those that met a change. */
async function checkScans(world: World, history: History, versions: Versions): Promise<string[]> {
  const violations: string[] = [];
  for (const code of CODES) {
    const state = versions.last(code);
    if (state.kind !== "live") continue;
    const scans = countable(history, code).length;
    const reply = await perform(world, { kind: "stats", tenant: state.tenant, code }, 0);
    if (reply.kind !== "figures" || reply.scans !== scans || reply.today !== scans) {
      violations.push(`${code} had ${scans} scans in the end, but its figures are ${JSON.stringify(reply)}`);
    }
  }
  return violations;
}

/** No counter of a deleted code, nothing in the cache that shows it as alive, and no invalidation left to do. */
async function checkRemains(world: World, versions: Versions): Promise<string[]> {
  const { services, names, clock } = world;
  const marks = (await services.redis.command("KEYS", CacheKeys.mark("qr-service:*"))) as string[];
  const violations = marks.map((key) => `a mark was left behind: ${key}`);
  for (const code of CODES) {
    const id = names.id(code);
    const state = versions.last(code);
    const pending = await services.db.read("SELECT FROM pending_invalidations WHERE qr_id = $1", [id]);
    if (pending.length > 0) violations.push(`a pending invalidation of ${code} was left behind`);
    if (state.kind === "live") continue;
    const counters = [CacheKeys.scanCount(id), CacheKeys.dailyScanCount(id, utcDate(clock.now()))];
    const remains = (await services.redis.command("MGET", ...counters)) as (string | null)[];
    if (remains.some((count) => count !== null)) {
      violations.push(
        `${code} is ${state.kind}, and counters of it were left behind: ${JSON.stringify(remains)}`,
      );
    }
    violations.push(...(await checkCacheOf(world, code, state)));
  }
  return violations;
}

async function checkCacheOf({ services, names }: World, code: string, state: CodeState): Promise<string[]> {
  const entries = TENANTS.map((tenant) => CacheKeys.code(names.id(tenant), names.id(code)));
  const found = (await services.redis.command("MGET", ...entries)) as (string | null)[];
  const [closesAt] = (await services.redis.command("HMGET", CacheKeys.link(names.id(code)), "closesAt")) as (
    | string
    | null
  )[];
  return [
    ...(found.some((entry) => entry !== null && entry !== "null")
      ? [`an entry of ${code} was left behind`]
      : []),
    // The link of a tombstone closed at 0; that of an unknown ID never closes, and belongs to no tenant.
    ...(state.kind === "deleted" && closesAt !== null && closesAt !== "0"
      ? [`a link of ${code} was left open`]
      : []),
  ];
}

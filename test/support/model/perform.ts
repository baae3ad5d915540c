import { v7 as uuidv7 } from "uuid";
import { DEFAULTS } from "../../../core/code/defaults.ts";
import type { SettableFields, StoredCode } from "../../../core/code/qr-code.ts";
import { ServiceError } from "../../../core/errors.ts";
import { ChangedMeanwhile } from "../../../data/changed-meanwhile.ts";
import { commitNewCode } from "../../../data/commit-new-code.ts";
import { inProcessTopic } from "../../../data/kafka/in-process-topic.ts";
import { insertCode } from "../../../data/postgres/change-codes.ts";
import { readCode } from "../../../data/read-code.ts";
import { removeCode } from "../../../functions/delete/use-case.ts";
import { generateCode } from "../../../functions/generate/use-case.ts";
import { listPage } from "../../../functions/list/use-case.ts";
import { patchCode } from "../../../functions/patch/use-case.ts";
import { createHandler as createPersistScans } from "../../../functions/persist-scans/handler.ts";
import { runRelay } from "../../../functions/relay/relay.ts";
import { restoreDeleted } from "../../../functions/restore/use-case.ts";
import type { Services } from "../../../functions/runtime/services.ts";
import { scanCode } from "../../../functions/scan/use-case.ts";
import { scanStats } from "../../../functions/stats/use-case.ts";
import { listedCodes } from "../listed-codes.ts";
import { personOf } from "../person.ts";
import type { Action } from "./actions.ts";
import { evict } from "./evict.ts";
import type { Outcome } from "./history.ts";
import { performOnKey } from "./keys.ts";
import { nameOf, urlsOf } from "./names.ts";
import { performMany } from "./perform-many.ts";
import type { World } from "./world.ts";

/** Carries out an operation; `number` makes what it writes unique. Never rejects. */
export async function perform(world: World, action: Action, number: number): Promise<Outcome> {
  try {
    return await call(world, action, number);
  } catch (error) {
    if (error instanceof ServiceError && error.kind === "not-found") return { kind: "not found" };
    if (error instanceof ServiceError && error.kind === "conflict") return { kind: "taken" };
    if (error instanceof ChangedMeanwhile) return { kind: "changed meanwhile" };
    return { kind: "failed", error };
  }
}

async function call(world: World, action: Action, number: number): Promise<Outcome> {
  const { services, names, clock, keys } = world;
  const id = (name: string) => names.id(name);
  const expected = ({ expects }: { expects: number | undefined }) =>
    expects === undefined ? undefined : [expects];
  const found = (code: StoredCode, scans: number): Outcome => ({
    kind: "code",
    seen: { ...names.seen(code), scans },
  });
  switch (action.kind) {
    case "generate": {
      const body = { ...DEFAULTS, ...urlsOf(number, action.fallback), qrId: id(action.code) };
      if (action.how === "fresh")
        return found((await createFresh(world, body, personOf(id(action.tenant)))).code, 0);
      const key = action.how === "keyed" ? `key-${number}` : undefined;
      // No key is used twice, so that the code is there.
      const { found: created } = await generateCode(services, personOf(id(action.tenant)), body, key);
      return found(created?.code as StoredCode, 0);
    }
    case "patch": {
      const fields = {
        ...urlsOf(number, action.fallback),
        ...(action.status ? { status: action.status } : {}),
      };
      const { code, scans } = await patchCode(
        services,
        personOf(id(action.tenant)),
        id(action.code),
        fields,
        expected(action),
      );
      return found(code, scans);
    }
    case "delete":
      await removeCode(services, personOf(id(action.tenant)), id(action.code), expected(action));
      return { kind: "done" };
    case "restore": {
      const who = personOf(id(action.tenant));
      const { code, scans } = await restoreDeleted(services, who, id(action.code), expected(action));
      return found(code, scans);
    }
    case "import":
    case "bulk":
      return { kind: "many", results: await performMany(world, action, number) };
    case "get": {
      const { code, counts } = await readCode(services, id(action.tenant), id(action.code));
      return found(code, counts.scans);
    }
    case "stats": {
      const { scans, today } = await scanStats(services, id(action.tenant), id(action.code), {
        days: 1,
        tz: "UTC",
      });
      return { kind: "figures", scans, today };
    }
    case "list": {
      const codes = listedCodes(await listPage(services, id(action.tenant), {}));
      return { kind: "page", seen: codes.map(({ code, scans }) => ({ ...names.seen(code), scans })) };
    }
    case "scan": {
      const scan = capturedScan(id(action.code), services.now(), action.mode === "bot");
      const { state, url } = await scanCode(services, action.mode, scan);
      return { kind: "redirect", state, url: url && nameOf(url) };
    }
    case "make":
    case "revoke":
    case "use":
      return performOnKey(world, action, number);
    case "evict":
      await evict(services.redis, action, names, keys);
      return { kind: "done" };
    case "relay":
      await relay(services);
      return { kind: "done" };
    case "later":
      clock.letLinksAge();
      return { kind: "done" };
  }
}

function capturedScan(qrId: string, occurredAt: number, bot: boolean) {
  const eventId = uuidv7();
  return {
    ...{ eventId, qrId, occurredAt, bot },
    ...{ country: null, userAgent: "", referrerHost: null, visitor: "visitor" },
  };
}

/** Publishes the captured scans until there are none left, to a consumer that persists them. */
export async function relay(services: Services): Promise<void> {
  const topic = inProcessTopic("scans", createPersistScans(services));
  const options = { outboxMaxLength: 1_000_000, signal: AbortSignal.timeout(60_000), idleMs: 0 };
  const { failures } = await runRelay(services, topic, options);
  if (failures > 0) throw new Error("the relay failed");
}

/** As generate creates a code whose ID it has made itself, though here others may want the same. */
function createFresh(
  { services }: World,
  { qrId, ...fields }: SettableFields & { qrId: string },
  { tenantId, actor }: ReturnType<typeof personOf>,
) {
  const eventId = uuidv7();
  const of = { tenantId, qrId, actor, now: new Date(services.now()).toISOString(), eventId };
  const code = { tenantId, qrId, mark: eventId };
  return commitNewCode(services, code, (query) => insertCode(query, of, fields));
}

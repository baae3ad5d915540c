import { v7 as uuidv7 } from "uuid";
import { DEFAULTS } from "../../../core/code/defaults.ts";
import { readCode } from "../../../data/read-code.ts";
import { changeMany } from "../../../functions/bulk/use-case.ts";
import { generateCode } from "../../../functions/generate/use-case.ts";
import { inTurns } from "../../../functions/http/in-turns.ts";
import { importRows } from "../../../functions/import/use-case.ts";
import { listPage } from "../../../functions/list/use-case.ts";
import { patchCode } from "../../../functions/patch/use-case.ts";
import type { Services } from "../../../functions/runtime/services.ts";
import { scanCode } from "../../../functions/scan/use-case.ts";
import { listedCodes } from "../listed-codes.ts";
import { personOf } from "../person.ts";
import type { RegisterOperation } from "./check-register.ts";
import type { Processes } from "./processes.ts";

const TENANT = "tenant_a";
const CODES = Array.from({ length: 12 }, (_, index) => `code-${index}`);
const CLIENTS = 10;

/** Codes of one import or bulk edit. */
const AT_ONCE = 4;

const IMPORT = { mode: "atomic", onConflict: "update", dryRun: false } as const;

/** What happened to each code, whose target is the register. */
export type Histories = Map<string, RegisterOperation[]>;

/**
 * Lets ten clients, half of them in each process, patch, import, edit in bulk, read, list and scan twelve codes for so many
 * milliseconds.
 */
export async function recordHistory({ services }: Processes, ms: number): Promise<Histories> {
  const histories: Histories = new Map();
  let targets = 0;
  /** Every other operation is on the code that was changed last, where the most can go wrong. */
  let changed = CODES[0] ?? "";
  for (const qrId of CODES) {
    const targetUrl = `https://example.com/${qrId}`;
    await generateCode(services[0], personOf(TENANT), { ...DEFAULTS, qrId, targetUrl });
    const past = { started: Number.NEGATIVE_INFINITY, ended: Number.NEGATIVE_INFINITY };
    histories.set(qrId, [{ kind: "write", value: targetUrl, ...past }]);
  }

  function note(qrId: string, kind: RegisterOperation["kind"], value: string, started: number): void {
    histories.get(qrId)?.push({ kind, value, started, ended: performance.now() });
  }

  const newTarget = (name: string) => `https://example.com/${name}/${++targets}`;

  async function act(own: Services): Promise<void> {
    const qrId = Math.random() < 0.5 ? changed : (CODES[Math.floor(Math.random() * CODES.length)] ?? "");
    const choice = Math.random();
    const started = performance.now();
    if (choice < 0.03) {
      const qrIds = several(qrId);
      const rows = qrIds.map((id, index) => ({
        line: index + 1,
        qrId: id,
        fields: { targetUrl: newTarget(id) },
      }));
      changed = qrId;
      await importRows(own, personOf(TENANT), { rows, failures: [] }, IMPORT, inTurns());
      for (const row of rows) note(row.qrId, "write", row.fields.targetUrl, started);
    } else if (choice < 0.06) {
      const qrIds = several(qrId);
      const targetUrl = newTarget("many");
      changed = qrId;
      await changeMany(own, personOf(TENANT), { select: { ids: qrIds }, set: { targetUrl } }, false);
      for (const id of qrIds) note(id, "write", targetUrl, started);
    } else if (choice < 0.2) {
      const targetUrl = newTarget(qrId);
      changed = qrId;
      await patchCode(own, personOf(TENANT), qrId, { targetUrl });
      note(qrId, "write", targetUrl, started);
    } else if (choice < 0.45) {
      note(qrId, "read", (await readCode(own, TENANT, qrId)).code.targetUrl, started);
    } else if (choice < 0.7) {
      for (const { code } of listedCodes(await listPage(own, TENANT, {})))
        note(code.qrId, "read", code.targetUrl, started);
    } else {
      note(qrId, "read", (await scanCode(own, "scan", scanOf(qrId))).url ?? "nowhere", started);
    }
  }

  const end = performance.now() + ms;
  await Promise.all(
    Array.from({ length: CLIENTS }, async (_, index) => {
      const own = services[index % 2 ? 1 : 0];
      while (performance.now() < end) await act(own);
    }),
  );
  return histories;
}

/** The code and those after it, in no order that anybody locks them in. */
function several(qrId: string): string[] {
  const start = CODES.indexOf(qrId);
  return Array.from(
    { length: AT_ONCE },
    (_, index) => CODES[(start + index) % CODES.length] ?? qrId,
  ).reverse();
}

export function scanOf(qrId: string) {
  return {
    ...{ eventId: uuidv7(), qrId, occurredAt: Date.now(), bot: false },
    ...{ country: null, userAgent: "", referrerHost: null, visitor: "visitor" },
  };
}

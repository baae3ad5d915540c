import { v7 as uuidv7 } from "uuid";
import { DEFAULTS } from "../../../core/code/defaults.ts";
import { readCode } from "../../../data/read-code.ts";
import { generateCode } from "../../../functions/generate/use-case.ts";
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

/** What happened to each code, whose target is the register. */
export type Histories = Map<string, RegisterOperation[]>;

/** Lets ten clients, half of them in each process, patch, read, list and scan twelve codes for so many milliseconds. */
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

  async function act(own: Services): Promise<void> {
    const qrId = Math.random() < 0.5 ? changed : (CODES[Math.floor(Math.random() * CODES.length)] ?? "");
    const choice = Math.random();
    const started = performance.now();
    if (choice < 0.2) {
      targets += 1;
      changed = qrId;
      const targetUrl = `https://example.com/${qrId}/${targets}`;
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

export function scanOf(qrId: string) {
  return {
    ...{ eventId: uuidv7(), qrId, occurredAt: Date.now(), bot: false },
    ...{ country: null, userAgent: "", referrerHost: null, visitor: "visitor" },
  };
}

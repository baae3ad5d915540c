import { changeMany } from "../../../functions/bulk/use-case.ts";
import { IS_TAKEN } from "../../../functions/import/plan.ts";
import { importRows } from "../../../functions/import/use-case.ts";
import { personOf } from "../person.ts";
import type { ManyAction } from "./actions.ts";
import type { ManyResult } from "./history.ts";
import { urlsOf } from "./names.ts";
import type { World } from "./world.ts";

/** Carries out a change of several codes. @returns what its reply says of each */
export async function performMany(
  { services, names }: World,
  action: ManyAction,
  number: number,
): Promise<{ code: string; result: ManyResult }[]> {
  const who = personOf(names.id(action.tenant));
  if (action.kind === "import") {
    const { fallback, onConflict, codes } = action;
    const rows = codes.map((code, index) => ({
      line: index + 1,
      qrId: names.id(code),
      fields: urlsOf(number, fallback),
    }));
    const query = { mode: "partial", onConflict, dryRun: false } as const;
    const { report } = await importRows(services, who, { rows, failures: [] }, query, () => undefined);
    for (const { message } of report.failures) if (message !== IS_TAKEN.message) throw new Error(message);
    return codes.map((code, index) => ({
      code,
      result: report.codes.find(({ line }) => line === index + 1)?.result ?? "taken",
    }));
  }
  const { does, codes } = action;
  const change =
    does === "delete"
      ? { delete: true as const }
      : does === "restore"
        ? { restore: true as const }
        : { set: { status: does } };
  const body = { select: { ids: codes.map((code) => names.id(code)) }, ...change };
  const { report } = await changeMany(services, who, body, false);
  const resultOf = (id: string): ManyResult =>
    report.changed.includes(id) ? "changed" : report.unchanged.includes(id) ? "unchanged" : "not found";
  return codes.map((code) => ({ code, result: resultOf(names.id(code)) }));
}

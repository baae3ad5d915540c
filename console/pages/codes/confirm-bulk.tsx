import { useEffect, useRef } from "preact/hooks";
import type { BulkReport } from "../../../clients/typescript/src/schema.ts";
import type { BulkAction } from "../../codes/bulk-change.ts";
import { number } from "../../i18n/format.ts";
import { texts } from "../../i18n/language.ts";

interface ConfirmBulkProps {
  action: BulkAction;
  report: BulkReport;
  confirm(): void;
  cancel(): void;
}

/** Says how many codes of a filter would be changed, and asks. */
export function ConfirmBulk({ action, report, confirm, cancel }: ConfirmBulkProps) {
  const { bulk: said } = texts.value;
  const answers = useRef<HTMLDivElement>(null);
  const { length: count } = report.changed;
  const { length: same } = report.unchanged;
  const label = action.kind === "delete" ? said.confirmDelete : said.confirm;
  useEffect(() => answers.current?.querySelector("button")?.focus(), []);
  return (
    <>
      <p role="status">
        {questionOf(action)} {same > 0 && said.unchanged(same, number(same))}
      </p>
      <div class="actions" ref={answers}>
        {count > 0 && (
          <button type="button" class="button button-primary" onClick={confirm}>
            {label(count, number(count))}
          </button>
        )}
        <button type="button" class="button" onClick={cancel}>
          {said.cancel}
        </button>
      </div>
    </>
  );
}

function questionOf(action: BulkAction): string {
  const { asked } = texts.value.bulk;
  if (action.kind === "restore") return "";
  return "tags" in action ? asked[action.kind](action.tags.join(", ")) : asked[action.kind];
}

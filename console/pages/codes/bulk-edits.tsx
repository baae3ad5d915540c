import { useEffect, useRef, useState } from "preact/hooks";
import type { BulkReport, CodeSelection } from "../../../clients/typescript/src/schema.ts";
import { type ApiError, asApiError } from "../../api/api-error.ts";
import { BOUNDS } from "../../api/contract.ts";
import { type BulkAction, type BulkOrder, orderOf, runBulk, tryBulk } from "../../codes/bulk-change.ts";
import { texts } from "../../i18n/language.ts";
import { TextField } from "../../parts/field.tsx";
import { BulkError } from "./bulk-error.tsx";
import { ConfirmBulk } from "./confirm-bulk.tsx";

/** What waits for an answer: a change that is to be tried first is of a filter. */
type Work = { step: "count" | "change"; order: BulkOrder; known?: BulkReport };

/** Changes the codes that are chosen at once, or all of a filter after its count was shown. */
export function BulkEdits({ of }: { of: CodeSelection }) {
  const { bulk: said, code } = texts.value;
  const panel = useRef<HTMLDivElement>(null);
  const [typed, setTyped] = useState("");
  const [tagError, setTagError] = useState<string>();
  const [busy, setBusy] = useState<Work["step"]>();
  const [counted, setCounted] = useState<{ action: BulkAction; report: BulkReport }>();
  const [failed, setFailed] = useState<{ error: ApiError; work: Work }>();
  useEffect(() => panel.current?.querySelector("input")?.focus(), []);
  useEffect(() => {
    if (failed) panel.current?.scrollTo(0, 0);
  }, [failed]);

  const run = async (work: Work) => {
    if (busy) return;
    setFailed(undefined);
    setBusy(work.step);
    try {
      if (work.step === "count") setCounted({ action: work.order.action, report: await tryBulk(work.order) });
      else await change(work);
    } catch (error) {
      setFailed({ error: asApiError(error), work });
    }
    setBusy(undefined);
  };
  const change = async ({ order, known }: Work) => {
    await runBulk(order, known);
    setCounted(undefined);
    setTyped("");
    // What was pressed may be gone, or all of the bar: the focus goes to what is still there.
    requestAnimationFrame(() => {
      if (document.activeElement === document.body)
        (panel.current ?? document.getElementById("main"))?.focus({ preventScroll: true });
    });
  };
  const start = (action: BulkAction) => {
    setTagError(undefined);
    void run({ step: of.filter ? "count" : "change", order: orderOf(of, action) });
  };
  const startTags = (kind: "tag" | "untag") => {
    const tags = [...new Set(typed.split(",").map((tag) => tag.trim()))].filter(Boolean);
    if (tags.length > 0) return start({ kind, tags });
    setTagError(said.needsTag);
    panel.current?.querySelector("input")?.focus();
  };

  return (
    <div class="bulk-edits" ref={panel} tabIndex={-1} aria-busy={busy !== undefined}>
      {failed && <BulkError error={failed.error} retry={() => void run(failed.work)} />}
      {counted ? (
        <ConfirmBulk
          {...counted}
          confirm={() => {
            const { action, report } = counted;
            void run({ step: "change", order: orderOf({ ids: report.changed }, action), known: report });
          }}
          cancel={() => {
            setCounted(undefined);
            setFailed(undefined);
            panel.current?.focus();
          }}
        />
      ) : (
        <>
          <form
            class="bulk-tag"
            noValidate
            onSubmit={(event) => {
              event.preventDefault();
              startTags("tag");
            }}
          >
            <TextField
              label={said.tag}
              value={typed}
              change={setTyped}
              error={tagError}
              maxLength={BOUNDS.patch.tags.items.maxLength}
            />
            <div class="actions">
              <button type="submit" class="button">
                {said.addTag}
              </button>
              <button type="button" class="button" onClick={() => startTags("untag")}>
                {said.removeTag}
              </button>
            </div>
          </form>
          <div class="actions">
            <button type="button" class="button" onClick={() => start({ kind: "pause" })}>
              {code.pause}
            </button>
            <button type="button" class="button" onClick={() => start({ kind: "activate" })}>
              {said.activate}
            </button>
            <button type="button" class="button button-danger" onClick={() => start({ kind: "delete" })}>
              {code.delete}
            </button>
          </div>
        </>
      )}
      <p class="small muted" role="status">
        {busy === "count" ? said.counting : busy === "change" ? said.changing : ""}
      </p>
    </div>
  );
}

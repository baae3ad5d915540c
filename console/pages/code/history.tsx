import { useState } from "preact/hooks";
import type { HistoryEntry, QrCode, QrCodePatch } from "../../../clients/typescript/src/schema.ts";
import { asApiError } from "../../api/api-error.ts";
import { call } from "../../api/call.ts";
import { BOUNDS } from "../../api/contract.ts";
import { useLive } from "../../api/live.ts";
import { may } from "../../auth/session.ts";
import { fieldLabel, shownValue } from "../../codes/show-value.ts";
import { takeBack } from "../../codes/take-back.ts";
import { ago, moment } from "../../i18n/format.ts";
import { texts } from "../../i18n/language.ts";
import { ErrorNote, messageOf } from "../../parts/error-note.tsx";
import { Icon } from "../../parts/icon.tsx";
import { say } from "../../state/toasts.ts";

/** Changes on a page, and how often they are asked for: they are seldom. In milliseconds. */
const PAGE = 10;
const POLL_MS = 30_000;

/** Who changed the code, when and how, the newest first; each change can be taken back. */
export function History({ code }: { code: QrCode }) {
  const { history: said } = texts.value;
  const { qrId } = code;
  const { data, error, refresh } = useLive("history", { params: { qrId }, query: { limit: PAGE } }, POLL_MS);
  const [earlier, setEarlier] = useState<HistoryEntry[]>([]);
  const [cursor, setCursor] = useState<string>();
  const newest = data?.history ?? [];
  const shown = new Set(newest.map(({ id }) => id));
  const entries = [...newest, ...earlier.filter(({ id }) => !shown.has(id))];
  const next = earlier.length > 0 ? cursor : data?.nextCursor;
  const more = async () => {
    try {
      const page = await call("history", {
        params: { qrId },
        query: { limit: 100, ...(next ? { cursor: next } : {}) },
      });
      setEarlier([...earlier, ...page.data.history]);
      setCursor(page.data.nextCursor);
    } catch (failed) {
      say(messageOf(asApiError(failed)), { isBad: true });
    }
  };
  return (
    <section class="card wide" aria-labelledby="history">
      <h2 id="history">{said.title}</h2>
      {error && !data && <ErrorNote error={error} retry={refresh} />}
      <ol class="history">
        {entries.map((entry) => (
          <Entry entry={entry} key={entry.id} />
        ))}
      </ol>
      {next && (
        <button type="button" class="button" onClick={more}>
          {said.more}
        </button>
      )}
    </section>
  );
}

function Entry({ entry }: { entry: HistoryEntry }) {
  const { history: said } = texts.value;
  const { actor, change, changedAt, changes } = entry;
  const reversal = reversalOf(entry);
  return (
    <li class="change">
      <p class="change-head">
        <strong>
          <bdi>{actor.name ?? actor.id}</bdi>
        </strong>{" "}
        {said.kinds[change] ?? said.other}{" "}
        <time class="muted small" dateTime={changedAt} title={moment(changedAt)}>
          {ago(changedAt)}
        </time>
      </p>
      {change === "updated" && (
        <ul class="change-fields small">
          {changes.map(({ field, from, to }) => (
            <li key={field}>
              {fieldLabel(field)}: <del dir="auto">{shownValue(field, from)}</del>{" "}
              <span class="sr-only">{said.to}</span> <ins dir="auto">{shownValue(field, to)}</ins>
            </li>
          ))}
        </ul>
      )}
      {reversal && may("qr:write") && (
        <button type="button" class="button button-small" onClick={() => takeBack(entry.qrId, reversal)}>
          <Icon name="undo" />
          {said.undo}
        </button>
      )}
    </li>
  );
}

/** What gives the fields of a change the values that they had before; `undefined` where nothing does. */
function reversalOf({ change, changes }: HistoryEntry): QrCodePatch | undefined {
  const known = changes.filter(({ field }) => Object.hasOwn(BOUNDS.patch, field));
  if (change !== "updated" || known.length === 0) return undefined;
  return Object.fromEntries(known.map(({ field, from }) => [field, from])) as QrCodePatch;
}

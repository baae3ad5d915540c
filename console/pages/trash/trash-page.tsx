import { useEffect, useState } from "preact/hooks";
import type { ListedQrCode } from "../../../clients/typescript/src/schema.ts";
import { useLive } from "../../api/live.ts";
import { may } from "../../auth/session.ts";
import { restoreCode } from "../../codes/delete-code.ts";
import { ago, moment, shortUrl } from "../../i18n/format.ts";
import { texts } from "../../i18n/language.ts";
import { ErrorNote } from "../../parts/error-note.tsx";
import { Icon } from "../../parts/icon.tsx";
import { codeList, loadMore, takeFirst } from "../../state/code-list.ts";
import { MoreOnSight } from "../codes/more-on-sight.tsx";

const QUERY = { deleted: "true" } as const;

/** What was deleted, and can be restored. */
export function TrashPage() {
  const { trash } = texts.value;
  const list = codeList(QUERY);
  const { data, error, refresh } = useLive("list", { query: QUERY });
  const [restored, setRestored] = useState<string[]>([]);
  useEffect(() => {
    if (data) takeFirst(list, data);
  }, [data, list]);
  const codes = [...(data?.qrCodes ?? []), ...list.further.value.flat()].filter(
    ({ qrId }) => !restored.includes(qrId),
  );
  const restore = async (qrId: string) => {
    setRestored((before) => [...before, qrId]);
    const isRestored = await restoreCode(qrId);
    if (!isRestored) setRestored((before) => before.filter((other) => other !== qrId));
  };
  return (
    <>
      <div class="page-head">
        <h1>{trash.title}</h1>
      </div>
      {error && !data && <ErrorNote error={error} retry={refresh} />}
      {data && codes.length === 0 && (
        <div class="empty">
          <h2>{trash.empty}</h2>
          <p class="muted">{trash.emptyText}</p>
        </div>
      )}
      {codes.length > 0 && (
        <>
          <p class="muted page-text">{trash.text}</p>
          <ul class="rows">
            {codes.map((code) => (
              <DeletedRow code={code} restore={() => restore(code.qrId)} key={code.qrId} />
            ))}
          </ul>
        </>
      )}
      {list.error.value && <ErrorNote error={list.error.value} retry={() => loadMore(list)} />}
      {list.cursor.value && !list.error.value && <MoreOnSight load={() => loadMore(list)} />}
    </>
  );
}

function DeletedRow({ code, restore }: { code: ListedQrCode; restore(): void }) {
  const { trash } = texts.value;
  const { qrId, name, targetUrl, deletedAt } = code;
  const title = name ?? shortUrl(targetUrl);
  return (
    <li class="row row-deleted">
      <div class="row-text">
        <bdi class="row-title">{title}</bdi>
        <p class="row-sub muted small">
          <span class="mono">{qrId}</span>
          <bdi class="row-target">{shortUrl(targetUrl)}</bdi>
        </p>
      </div>
      {deletedAt && (
        <p class="muted small">
          {trash.deletedAt}{" "}
          <time dateTime={deletedAt} title={moment(deletedAt)}>
            {ago(deletedAt)}
          </time>
        </p>
      )}
      {may("qr:write") && (
        <button
          type="button"
          class="button button-small"
          aria-label={`${trash.restore}: ${title}`}
          onClick={restore}
        >
          <Icon name="undo" />
          {trash.restore}
        </button>
      )}
    </li>
  );
}

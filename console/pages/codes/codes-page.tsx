import { useEffect, useLayoutEffect } from "preact/hooks";
import type { ListQuery } from "../../../clients/typescript/src/schema.ts";
import { useLive } from "../../api/live.ts";
import { may } from "../../auth/session.ts";
import { number } from "../../i18n/format.ts";
import { texts } from "../../i18n/language.ts";
import { ErrorNote } from "../../parts/error-note.tsx";
import { Icon } from "../../parts/icon.tsx";
import { codeList, loadMore, takeFirst } from "../../state/code-list.ts";
import { linkTo, route } from "../../state/router.ts";
import { CodeRows } from "./code-rows.tsx";
import { Filters } from "./filters.tsx";
import { FirstCode } from "./first-code.tsx";
import { MoreOnSight } from "./more-on-sight.tsx";
import { SelectionBar } from "./selection-bar.tsx";

/** The tenant's codes, newest first. */
export function CodesPage() {
  const query = queryOf(route.value.query);
  const isFiltered = Object.keys(query).length > 0;
  const list = codeList({ ...query, today: "true" });
  const { data, error, refresh } = useLive("list", { query: list.query });
  useEffect(() => {
    if (data) takeFirst(list, data);
  }, [data, list]);
  useLayoutEffect(() => {
    scrollTo(0, list.scrolledTo);
    const keep = () => {
      list.scrolledTo = scrollY;
    };
    addEventListener("scroll", keep, { passive: true });
    return () => removeEventListener("scroll", keep);
  }, [list]);
  const { codes: said, nav, sheets } = texts.value;
  const first = data?.qrCodes ?? [];
  const pages = [first, ...list.further.value];
  const count = pages.reduce((sum, { length }) => sum + length, 0);
  const isEmpty = data !== undefined && count === 0;
  if (isEmpty && !isFiltered) return <FirstCode />;
  return (
    <>
      <div class="page-head">
        <h1>{said.title}</h1>
        <div class="actions">
          <a class="button" href={linkTo(["sheets"], query as Record<string, string>)}>
            <Icon name="labels" />
            {sheets.link}
          </a>
          <button type="button" class="button" onClick={() => void exportCodes(query)}>
            <Icon name="download" />
            {said.export}
          </button>
          {may("qr:write") && (
            <>
              <a class="button" href="#/import">
                <Icon name="upload" />
                {nav.import}
              </a>
              <a class="button button-primary" href="#/new">
                <Icon name="plus" />
                {nav.newCode}
              </a>
            </>
          )}
        </div>
      </div>
      <Filters query={query} />
      {error && error.failure === "refused" && <ErrorNote error={error} />}
      {error && error.failure !== "refused" && !data && <ErrorNote error={error} retry={refresh} />}
      {!data && !error && <RowsToCome />}
      {isEmpty && (
        <div class="empty">
          <h2>{said.none}</h2>
          <p class="muted">{said.noneText}</p>
          <a class="button" href="#/codes">
            {said.clearFilters}
          </a>
        </div>
      )}
      {count > 0 && <CodeRows pages={pages} />}
      <SelectionBar shown={pages.flat()} filter={isFiltered ? query : undefined} />
      {list.error.value && <ErrorNote error={list.error.value} retry={() => loadMore(list)} />}
      {list.cursor.value && !list.error.value && <MoreOnSight load={() => loadMore(list)} />}
      {data && count > 0 && list.cursor.value === undefined && (
        <p class="list-end muted small">{count === 1 ? said.one : said.end(number(count))}</p>
      )}
    </>
  );
}

/** Loaded when somebody exports. The list's filters are those of an export. */
async function exportCodes({ q, tag, status }: ListQuery): Promise<void> {
  const { exportCodes: run } = await import("../../codes/export-codes.ts");
  await run({ ...(q ? { q } : {}), ...(tag ? { tag } : {}), ...(status ? { status } : {}) });
}

/** What the address says of the list, as the API takes it. */
function queryOf(search: URLSearchParams): ListQuery {
  const q = search.get("q");
  const tag = search.get("tag");
  const status = search.get("status");
  return {
    ...(q ? { q } : {}),
    ...(tag ? { tag } : {}),
    ...(status === "active" || status === "paused" ? { status } : {}),
  };
}

/** The shape of the list before it is there, so that nothing jumps. */
function RowsToCome() {
  return (
    <>
      <p class="sr-only" role="status">
        {texts.value.loading}
      </p>
      <div class="rows rows-to-come" aria-hidden="true">
        {Array.from({ length: 8 }, (_, index) => (
          <div class="row" key={index}>
            <span class="bone bone-wide" />
            <span class="bone" />
          </div>
        ))}
      </div>
    </>
  );
}

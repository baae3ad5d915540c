import { useEffect, useRef, useState } from "preact/hooks";
import type { ListQuery } from "../../../clients/typescript/src/schema.ts";
import { BOUNDS } from "../../api/contract.ts";
import { texts } from "../../i18n/language.ts";
import { Icon } from "../../parts/icon.tsx";
import { Segments } from "../../parts/segments.tsx";
import { linkTo, replaceRoute } from "../../state/router.ts";

/** How long typing pauses before it is searched for, in milliseconds. */
const PAUSE_MS = 300;

/** Shorter texts are in no index, unless they are of a script in which one letter is a word. */
const MIN_LENGTH = 3;
const SHORT_WORDS = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;

function show(query: ListQuery, change: ListQuery): void {
  replaceRoute(linkTo(["codes"], { ...query, ...change } as Record<string, string>));
}

/** Narrows the list; the address holds how, so that it can be gone back to and shared. */
export function Filters({ query }: { query: ListQuery }) {
  const { codes, states } = texts.value;
  const [typed, setTyped] = useState(query.q ?? "");
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => setTyped(query.q ?? ""), [query.q]);
  const search = (text: string) => {
    setTyped(text);
    clearTimeout(timer.current);
    const wanted = text.trim();
    if (wanted === "" || isLongEnough(wanted))
      timer.current = setTimeout(() => show(query, { q: wanted }), PAUSE_MS);
  };
  const isTooShort = typed.trim() !== "" && !isLongEnough(typed.trim());
  return (
    <search class="filters">
      <div class="search">
        <Icon name="search" />
        <input
          class="input"
          type="search"
          aria-label={codes.search}
          placeholder={codes.search}
          maxLength={BOUNDS.list.q.maxLength}
          dir="auto"
          value={typed}
          onInput={(event) => search(event.currentTarget.value)}
        />
        <p class="search-hint small" role="status">
          {isTooShort ? codes.searchTooShort : ""}
        </p>
      </div>
      <Segments
        legend={codes.status}
        hidesLegend
        value={query.status ?? ""}
        of={[
          ["", codes.all],
          ["active", states.open],
          ["paused", states.paused],
        ]}
        choose={(status) => show(query, { status: (status || undefined) as "active" | "paused" })}
      />
      {query.tag && (
        <button type="button" class="tag tag-filter" onClick={() => show(query, { tag: "" })}>
          {codes.withTag} <bdi>{query.tag}</bdi>
          <Icon name="close" />
          <span class="sr-only">{codes.clearFilters}</span>
        </button>
      )}
    </search>
  );
}

function isLongEnough(text: string): boolean {
  return [...text].length >= MIN_LENGTH || SHORT_WORDS.test(text);
}

import { useEffect, useRef, useState } from "preact/hooks";
import type { ListedQrCode } from "../../../clients/typescript/src/schema.ts";
import { may } from "../../auth/session.ts";
import { deleteCode } from "../../codes/delete-code.ts";
import { ago, moment, number, shortUrl } from "../../i18n/format.ts";
import { texts } from "../../i18n/language.ts";
import { Icon } from "../../parts/icon.tsx";
import { LiveNumber } from "../../parts/live-number.tsx";
import { memo } from "../../parts/memo.ts";
import { StateBadge } from "../../parts/state-badge.tsx";
import { removeFromList } from "../../state/code-list.ts";
import { linkTo, route } from "../../state/router.ts";
import { unselect } from "../../state/selection.ts";
import { SelectBox } from "./selection-bar.tsx";

/** Pages far from the window are kept as empty space of their height, so that 100,000 codes scroll as 100 do. */
const NEAR = "2000px";

export function CodeRows({ pages }: { pages: ListedQrCode[][] }) {
  return (
    <div class="rows">
      {pages.map((codes, index) => (
        // Pages have no name of their own and keep their order.
        <PageOfRows codes={codes} key={index} />
      ))}
    </div>
  );
}

const PageOfRows = memo(({ codes }: { codes: ListedQrCode[] }) => {
  const place = useRef<HTMLUListElement>(null);
  const [height, setHeight] = useState<number>();
  useEffect(() => {
    const observer = new IntersectionObserver(
      ([entry]) => entry && setHeight(entry.isIntersecting ? undefined : entry.boundingClientRect.height),
      { rootMargin: NEAR },
    );
    if (place.current) observer.observe(place.current);
    return () => observer.disconnect();
  }, []);
  return (
    <ul ref={place} style={height === undefined ? {} : { height: `${height}px` }}>
      {height === undefined && codes.map((code) => <Row code={code} key={code.qrId} />)}
    </ul>
  );
});

const Row = memo(({ code }: { code: ListedQrCode }) => {
  const { codes, code: said } = texts.value;
  const { qrId, name, targetUrl, tags, state, scans, today = 0, createdAt } = code;
  const title = name ?? shortUrl(targetUrl);
  return (
    <li class="row">
      <SelectBox qrId={qrId} title={title} />
      <div class="row-text">
        <a class="row-link" href={linkTo(["code", qrId])}>
          <bdi>{title}</bdi>
        </a>
        <p class="row-sub muted small">
          {name === null ? (
            <span class="mono">{qrId}</span>
          ) : (
            <bdi class="row-target" title={targetUrl}>
              {shortUrl(targetUrl)}
            </bdi>
          )}
          <time dateTime={createdAt} title={moment(createdAt)}>
            {ago(createdAt)}
          </time>
        </p>
      </div>
      <div class="row-tags">
        {tags.map((tag) => (
          <a
            class="tag"
            key={tag}
            href={linkTo(["codes"], { ...Object.fromEntries(route.value.query), tag })}
          >
            <bdi>{tag}</bdi>
          </a>
        ))}
      </div>
      <StateBadge state={state} />
      <div class="row-end">
        <p class="row-count">
          <LiveNumber value={scans} />
          <span class="row-unit muted small"> {codes.scans(scans)}</span>
          {today > 0 && <span class="row-today small">{codes.today(number(today))}</span>}
        </p>
        {may("qr:write") ? (
          <button
            type="button"
            class="icon-button row-action"
            aria-label={`${said.delete}: ${title}`}
            title={said.delete}
            onClick={() => {
              unselect([qrId]);
              void deleteCode(code, () => removeFromList(qrId));
            }}
          >
            <Icon name="trash" />
          </button>
        ) : (
          <span />
        )}
      </div>
    </li>
  );
});

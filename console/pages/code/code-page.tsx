import type { QrCode } from "../../../clients/typescript/src/schema.ts";
import { useLive } from "../../api/live.ts";
import { readOf } from "../../codes/change-code.ts";
import { shortUrl } from "../../i18n/format.ts";
import { texts } from "../../i18n/language.ts";
import { ErrorNote } from "../../parts/error-note.tsx";
import { Icon } from "../../parts/icon.tsx";
import { isOnlyHere } from "../../parts/only-here.tsx";
import { StateBadge } from "../../parts/state-badge.tsx";
import { route } from "../../state/router.ts";
import type { PageProps } from "../page-props.ts";
import { CodeActions } from "./code-actions.tsx";
import { Destination } from "./destination.tsx";
import { Figures } from "./figures.tsx";
import { History } from "./history.tsx";
import { PictureCard } from "./picture-card.tsx";

/** One code: its picture, where it leads, its figures. Further sections stand in the order of `Sections`. */
export function CodePage({ rest: [qrId = ""] }: PageProps) {
  const { data: code, error, refresh } = useLive("get", readOf(qrId));
  const { code: said, newCode } = texts.value;
  if (error?.status === 404) return <NoSuchCode />;
  if (!code)
    return error ? <ErrorNote error={error} retry={refresh} /> : <p class="loading">{texts.value.loading}</p>;
  return (
    <>
      <a class="back" href="#/codes">
        <Icon name="back" />
        {said.back}
      </a>
      <div class="page-head code-head">
        <div class="code-title">
          <h1>
            <bdi>{code.name ?? shortUrl(code.targetUrl)}</bdi>
          </h1>
          <StateBadge state={code.state} />
        </div>
        <CodeActions code={code} />
      </div>
      {route.value.query.has("new") && (
        <p class="notice notice-good" role="status">
          <Icon name="check" />
          <span>{isOnlyHere(code.scanUrl) ? newCode.readyHere : newCode.ready}</span>
        </p>
      )}
      <Sections code={code} />
    </>
  );
}

function Sections({ code }: { code: QrCode }) {
  return (
    <div class="code-grid">
      <PictureCard code={code} />
      <Destination code={code} />
      <Figures code={code} />
      <History code={code} />
    </div>
  );
}

function NoSuchCode() {
  const { code, trash } = texts.value;
  return (
    <div class="empty">
      <h1>{code.missingTitle}</h1>
      <p class="muted">
        {code.missing} {trash.missingCode}
      </p>
      <div class="actions">
        <a class="button" href="#/codes">
          {code.toList}
        </a>
        <a class="button" href="#/trash">
          {trash.title}
        </a>
      </div>
    </div>
  );
}

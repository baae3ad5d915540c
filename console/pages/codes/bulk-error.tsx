import type { ComponentChildren } from "preact";
import type { ApiError } from "../../api/api-error.ts";
import { number } from "../../i18n/format.ts";
import { texts } from "../../i18n/language.ts";
import { ErrorNote } from "../../parts/error-note.tsx";
import { Icon } from "../../parts/icon.tsx";

/** More are not read in a bar; the others show once these are dealt with. */
const MAX_NAMED = 5;

/** Says why many codes could not be changed, and what to do about it. */
export function BulkError({ error, retry }: { error: ApiError; retry(): void }) {
  const { bulk: said } = texts.value;
  const { failures, failed = 0, errors } = error.problem ?? {};
  const isTooMany = errors?.some(({ path }) => path === "select.filter" || path === "select.ids");
  if (isTooMany) return <Note text={said.tooMany} />;
  if (!failures?.length)
    return error.failure === "refused" ? (
      <ErrorNote error={error} />
    ) : (
      <ErrorNote error={error} retry={retry} />
    );
  return (
    <Note text={said.failed(failed, number(failed))}>
      <ul class="bulk-failures">
        {failures.slice(0, MAX_NAMED).map(({ qrId, path, message }) => (
          <li key={`${qrId} ${path}`}>
            <a href={`#/code/${qrId}`}>{qrId}</a>: {path} {message}
          </li>
        ))}
      </ul>
    </Note>
  );
}

function Note({ text, children }: { text: string; children?: ComponentChildren }) {
  return (
    <div class="notice notice-bad" role="alert">
      <Icon name="warn" />
      <div>
        <p>{text}</p>
        {children}
      </div>
    </div>
  );
}

import { useState } from "preact/hooks";
import type { ApiKey, NewApiKey } from "../../../clients/typescript/src/schema.ts";
import { asApiError } from "../../api/api-error.ts";
import { call } from "../../api/call.ts";
import { refreshReads, useLive } from "../../api/live.ts";
import { ago, moment } from "../../i18n/format.ts";
import { texts } from "../../i18n/language.ts";
import { ErrorNote, messageOf } from "../../parts/error-note.tsx";
import { Icon } from "../../parts/icon.tsx";
import { say } from "../../state/toasts.ts";
import { NewKeyForm } from "./new-key-form.tsx";
import { ShownOnce } from "./shown-once.tsx";

/** How often the list is asked for: keys seldom change. In milliseconds. */
const POLL_MS = 30_000;

/** The keys of the tenant's machines. */
export function KeysPage() {
  const { keys } = texts.value;
  const { data, error, refresh } = useLive("listKeys", {}, POLL_MS);
  const [made, setMade] = useState<NewApiKey>();
  return (
    <>
      <div class="page-head">
        <h1>{keys.title}</h1>
      </div>
      <p class="muted page-text">{keys.text}</p>
      {made && <ShownOnce made={made} close={() => setMade(undefined)} />}
      {error && !data && <ErrorNote error={error} retry={refresh} />}
      {data && data.keys.length > 0 && (
        <ul class="rows keys">
          {data.keys.map((key) => (
            <KeyRow apiKey={key} key={key.keyId} />
          ))}
        </ul>
      )}
      <NewKeyForm
        made={(key) => {
          setMade(key);
          refreshReads("listKeys");
        }}
      />
    </>
  );
}

/** A key is revoked by a second press: machines stop at once, and there is no way back. */
function KeyRow({ apiKey }: { apiKey: ApiKey }) {
  const { keys } = texts.value;
  const [asks, setAsks] = useState(false);
  const { keyId, name, scopes, createdBy, createdAt, expiresAt, lastUsedAt } = apiKey;
  return (
    <li class="row row-deleted">
      <div class="row-text">
        <bdi class="row-title">{name}</bdi>
        <p class="muted small">
          {scopes.map((scope) => keys.scopes[scope] ?? scope).join(", ")} ·{" "}
          {lastUsedAt ? keys.lastUsed(ago(lastUsedAt)) : keys.neverUsed} ·{" "}
          <span title={moment(createdAt)}>{keys.madeBy(createdBy.name ?? createdBy.id, ago(createdAt))}</span>
          {expiresAt && ` · ${keys.expires(moment(expiresAt))}`}
        </p>
      </div>
      {asks ? (
        <div class="actions">
          <button type="button" class="button button-small button-quiet" onClick={() => setAsks(false)}>
            {keys.keep}
          </button>
          <button type="button" class="button button-small button-danger" onClick={() => revoke(keyId, name)}>
            {keys.revokeNow}
          </button>
        </div>
      ) : (
        <button
          type="button"
          class="button button-small"
          aria-label={`${keys.revoke}: ${name}`}
          onClick={() => setAsks(true)}
        >
          <Icon name="trash" />
          {keys.revoke}
        </button>
      )}
    </li>
  );
}

async function revoke(keyId: string, name: string): Promise<void> {
  try {
    await call("revokeKey", { params: { keyId } });
    refreshReads("listKeys");
    say(texts.value.keys.revoked(name));
  } catch (error) {
    say(messageOf(asApiError(error)), { isBad: true });
  }
}

import { connection } from "../api/call.ts";
import { signIn } from "../auth/sign-in.ts";
import type { ConsoleConfig } from "../config.ts";
import { texts } from "../i18n/language.ts";
import { Icon } from "./icon.tsx";

/** Says why the page may be old, for as long as it may be. */
export function ConnectionBar({ config }: { config: ConsoleConfig }) {
  const { connection: said, gate } = texts.value;
  const state = connection.value;
  return (
    <div role="status">
      {state !== "ok" && (
        <div class="connection-bar">
          <Icon name="warn" />
          <span>{state === "signed-out" ? said.signedOut : said[state]}</span>
          {state === "signed-out" && (
            <button type="button" class="button button-small" onClick={() => signIn(config)}>
              {gate.signIn}
            </button>
          )}
        </div>
      )}
    </div>
  );
}

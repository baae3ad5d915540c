import { signIn } from "../auth/sign-in.ts";
import type { ConsoleConfig } from "../config.ts";
import { texts } from "../i18n/language.ts";

/** Why the app is not shown (yet). */
export type GateState =
  | { kind: "signing-in" | "signed-out" | "insecure" | "no-config" }
  | { kind: "failed"; reason: string };

/** What stands before the app. */
export function Gate({ state, config }: { state: GateState; config?: ConsoleConfig }) {
  const { gate } = texts.value;
  const enter = (label: string) => (
    <button
      type="button"
      class="button button-primary"
      onClick={() => (config ? signIn(config, true) : location.reload())}
    >
      {label}
    </button>
  );
  return (
    <div class="gate">
      <main class="gate-card">
        <span class="mark" aria-hidden="true" />
        {state.kind === "signing-in" && <p role="status">{gate.signingIn}</p>}
        {state.kind === "signed-out" && (
          <>
            <h1>{gate.signedOutTitle}</h1>
            <p class="muted">{gate.signedOut}</p>
            {enter(gate.signIn)}
          </>
        )}
        {state.kind === "failed" && (
          <>
            <h1>{gate.failedTitle}</h1>
            <p class="muted">{gate.failed}</p>
            <p class="notice notice-bad">{state.reason}</p>
            {enter(gate.tryAgain)}
          </>
        )}
        {state.kind === "insecure" && (
          <>
            <h1>{gate.insecureTitle}</h1>
            <p class="muted">{gate.insecure}</p>
            <p>
              <code>http://localhost:{location.port || "80"}/</code>
            </p>
          </>
        )}
        {state.kind === "no-config" && (
          <>
            <h1>{gate.noConfigTitle}</h1>
            <p class="muted">{gate.noConfig}</p>
            {enter(gate.tryAgain)}
          </>
        )}
      </main>
    </div>
  );
}

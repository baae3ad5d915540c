import { render } from "preact";
import { useApiOf } from "./api/call.ts";
import { App } from "./app.tsx";
import { session } from "./auth/session.ts";
import { canSignIn, finishSignIn, isReturning, signIn } from "./auth/sign-in.ts";
import { type ConsoleConfig, loadConfig } from "./config.ts";
import { startLanguage } from "./i18n/language.ts";
import { Gate, type GateState } from "./pages/gate.tsx";
import { startTheme } from "./state/theme.ts";

const root = document.getElementById("app") as HTMLElement;

function showGate(state: GateState, config?: ConsoleConfig): void {
  render(<Gate state={state} {...(config ? { config } : {})} />, root);
}

/** Signs in if it has to, and shows the app. */
async function start(): Promise<void> {
  startTheme();
  await startLanguage();
  const config = await loadConfig().catch(() => undefined);
  if (!config) return showGate({ kind: "no-config" });
  useApiOf(config);
  if (isReturning()) {
    showGate({ kind: "signing-in" });
    try {
      await finishSignIn(config);
    } catch (error) {
      return showGate({ kind: "failed", reason: reasonOf(error) }, config);
    }
  }
  if (session.value) return render(<App config={config} />, root);
  if (!canSignIn()) return showGate({ kind: "insecure" });
  if (location.hash === "#/signed-out") return showGate({ kind: "signed-out" }, config);
  showGate({ kind: "signing-in" });
  await signIn(config).catch((error: unknown) =>
    showGate({ kind: "failed", reason: reasonOf(error) }, config),
  );
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

await start();

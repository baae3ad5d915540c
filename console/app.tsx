import type { ComponentChildren, ComponentType } from "preact";
import { useEffect, useErrorBoundary, useLayoutEffect, useRef, useState } from "preact/hooks";
import { session } from "./auth/session.ts";
import type { ConsoleConfig } from "./config.ts";
import { texts } from "./i18n/language.ts";
import { Gate } from "./pages/gate.tsx";
import type { PageProps } from "./pages/page-props.ts";
import { PAGES, type PageEntry } from "./pages/table.tsx";
import { ConnectionBar } from "./parts/connection-bar.tsx";
import { Sidebar } from "./parts/sidebar.tsx";
import { Toasts } from "./parts/toasts.tsx";
import { route } from "./state/router.ts";

/** The signed-in console: a list of pages, and the one that the address names. */
export function App({ config }: { config: ConsoleConfig }) {
  const { segments } = route.value;
  const [name = "codes", ...rest] = segments;
  const entry = PAGES.find((page) => page.name === name) ?? (PAGES[0] as PageEntry);
  if (!session.value) return <Gate state={{ kind: "signed-out" }} config={config} />;
  const { skip } = texts.value;
  return (
    <div class="shell">
      <button type="button" class="skip" onClick={() => document.getElementById("main")?.focus()}>
        {skip}
      </button>
      <Sidebar config={config} current={entry.name} />
      <div class="content">
        <ConnectionBar config={config} />
        <main id="main" tabIndex={-1}>
          <Safe key={`${entry.name}/${rest.join("/")}/${session.value.tenant}`}>
            <Page entry={entry} rest={rest} />
          </Safe>
        </main>
      </div>
      <Toasts />
    </div>
  );
}

/** Keeps a page that breaks from taking the rest with it. */
function Safe({ children }: { children: ComponentChildren }) {
  const [error] = useErrorBoundary();
  const { errors } = texts.value;
  if (!error) return <>{children}</>;
  return (
    <div class="empty">
      <h1>{errors.crashTitle}</h1>
      <p class="muted">{errors.crash}</p>
      <button type="button" class="button" onClick={() => location.reload()}>
        {errors.reload}
      </button>
    </div>
  );
}

const loaded = new Map<string, ComponentType<PageProps>>();

function Page({ entry, rest }: { entry: PageEntry; rest: string[] }) {
  const [, setLoads] = useState(0);
  const [failure, setFailure] = useState<unknown>();
  const first = useRef(true);
  const Shown = loaded.get(entry.name);
  useEffect(() => {
    document.title = `${entry.label(texts.value)} · ${texts.value.product}`;
    if (Shown) return;
    Promise.resolve(entry.load()).then((component) => {
      loaded.set(entry.name, component);
      setLoads((count) => count + 1);
    }, setFailure);
  }, [entry, Shown]);
  useLayoutEffect(() => {
    // The list keeps its own place.
    if (entry.name !== "codes") scrollTo(0, 0);
  }, [entry]);
  useEffect(() => {
    // Whoever came by a link is told by a screen reader where they are.
    if (Shown && first.current && entered) document.getElementById("main")?.focus({ preventScroll: true });
    first.current = false;
    entered = true;
  }, [Shown]);
  if (failure) throw failure;
  return Shown ? <Shown rest={rest} /> : <p class="loading">{texts.value.loading}</p>;
}

/** Whether a page was shown before: the first one does not take the focus from the address bar. */
let entered = false;

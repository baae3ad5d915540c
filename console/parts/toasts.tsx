import { useEffect, useRef } from "preact/hooks";
import { texts } from "../i18n/language.ts";
import { dismiss, type Toast, toasts } from "../state/toasts.ts";
import { Icon } from "./icon.tsx";

/** Long enough to read it and to reach its button; it waits while it is pointed at or focused. In milliseconds. */
const SHOWN_MS = 10_000;

export function Toasts() {
  useEffect(() => {
    addEventListener("keydown", undoByKeys);
    return () => removeEventListener("keydown", undoByKeys);
  }, []);
  return (
    <section class="toasts" aria-label={texts.value.toast.region}>
      <div aria-live="polite">
        {toasts.value.map((toast) => (
          <ToastCard key={toast.id} toast={toast} />
        ))}
      </div>
    </section>
  );
}

/** The keys of every program, since the button stands behind whatever else can be tabbed to. What is typed has its own. */
function undoByKeys(event: KeyboardEvent): void {
  const { key, ctrlKey, metaKey, shiftKey, altKey, target } = event;
  if (key.toLowerCase() !== "z" || ctrlKey === metaKey || shiftKey || altKey || isTypedInto(target)) return;
  const last = toasts.value.findLast(({ action }) => action);
  if (!last) return;
  event.preventDefault();
  undo(last);
}

function isTypedInto(target: EventTarget | null): boolean {
  return target instanceof Element && target.matches("textarea, input:not([type=checkbox], [type=radio])");
}

function undo({ id, action }: Toast): void {
  dismiss(id);
  action?.run();
}

/** How the keys are written on this machine. */
const isMac = navigator.platform.startsWith("Mac");

function ToastCard({ toast }: { toast: Toast }) {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const { id, text, isBad, action } = toast;
  const hold = () => clearTimeout(timer.current);
  const release = () => {
    hold();
    timer.current = setTimeout(() => dismiss(id), SHOWN_MS);
  };
  useEffect(() => {
    release();
    return hold;
  }, []);
  return (
    <div
      class={`toast${isBad ? " toast-bad" : ""}`}
      onPointerEnter={hold}
      onPointerLeave={release}
      onFocusIn={hold}
      onFocusOut={release}
    >
      <span class="toast-text">{text}</span>
      {action && (
        <>
          <button
            type="button"
            class="toast-action"
            aria-keyshortcuts="Control+Z Meta+Z"
            onClick={() => undo(toast)}
          >
            {action.label}
          </button>
          <kbd class="toast-keys">{isMac ? "⌘Z" : texts.value.toast.undoKeys}</kbd>
        </>
      )}
      <button
        type="button"
        class="icon-button"
        aria-label={texts.value.toast.dismiss}
        onClick={() => dismiss(id)}
      >
        <Icon name="close" />
      </button>
    </div>
  );
}

import { useEffect, useRef } from "preact/hooks";
import { texts } from "../i18n/language.ts";
import { dismiss, type Toast, toasts } from "../state/toasts.ts";
import { Icon } from "./icon.tsx";

/** Long enough to read it and to reach its button; it waits while it is pointed at or focused. In milliseconds. */
const SHOWN_MS = 10_000;

export function Toasts() {
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
        <button
          type="button"
          class="toast-action"
          onClick={() => {
            dismiss(id);
            action.run();
          }}
        >
          {action.label}
        </button>
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

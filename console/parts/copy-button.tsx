import { useState } from "preact/hooks";
import { texts } from "../i18n/language.ts";
import { say } from "../state/toasts.ts";
import { Icon } from "./icon.tsx";

const SHOWN_MS = 2_000;

export function CopyButton({ text }: { text: string }) {
  const [isCopied, setCopied] = useState(false);
  const { code } = texts.value;
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
      setTimeout(() => setCopied(false), SHOWN_MS);
    } catch {
      say(code.copyFailed, { isBad: true });
    }
  };
  return (
    <button type="button" class="button button-small" onClick={copy}>
      <Icon name={isCopied ? "check" : "copy"} />
      <span aria-live="polite">{isCopied ? code.copied : code.copy}</span>
    </button>
  );
}

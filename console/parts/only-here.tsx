import { texts } from "../i18n/language.ts";
import { Icon } from "./icon.tsx";

/** Names by which a machine calls itself: whoever else asks for them reaches their own. */
const OWN_NAMES = /^(?:(?:.+\.)?localhost|127(?:\.\d+){3}|\[::1\])$/;

/** Whether only the machine that runs the service can follow a code's address. */
export function isOnlyHere(scanUrl: string): boolean {
  return OWN_NAMES.test(new URL(scanUrl).hostname);
}

/** Says so beside what would be printed. */
export function OnlyHere({ scanUrl }: { scanUrl: string }) {
  if (!isOnlyHere(scanUrl)) return null;
  return (
    <p class="notice small">
      <Icon name="warn" />
      <span>{texts.value.code.onlyHere}</span>
    </p>
  );
}

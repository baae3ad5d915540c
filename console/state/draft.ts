import { useState } from "preact/hooks";

const PREFIX = "draft:";

/**
 * What somebody has typed and not yet sent. It outlives a reload, a lost connection and a sign-in, in this tab.
 *
 * @returns the draft, a way to change it, and one to forget it
 */
export function useDraft<T extends object>(
  name: string,
  empty: T,
): [T, (change: Partial<T>) => void, () => void] {
  const key = PREFIX + name;
  const [draft, setDraft] = useState<T>(() => ({ ...empty, ...kept<T>(key) }));
  const change = (changed: Partial<T>) => {
    setDraft((before) => {
      const next = { ...before, ...changed };
      sessionStorage.setItem(key, JSON.stringify(next));
      return next;
    });
  };
  const forget = () => {
    sessionStorage.removeItem(key);
    setDraft(empty);
  };
  return [draft, change, forget];
}

function kept<T>(key: string): Partial<T> {
  const text = sessionStorage.getItem(key);
  return text === null ? {} : (JSON.parse(text) as Partial<T>);
}

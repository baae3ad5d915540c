import { signal } from "@preact/signals";

export interface Toast {
  id: number;
  text: string;
  isBad?: boolean;
  action?: { label: string; run(): void };
}

export const toasts = signal<Toast[]>([]);

let lastId = 0;

/** Says something that needs no answer; what can be undone offers it. */
export function say(text: string, options: Omit<Toast, "id" | "text"> = {}): void {
  lastId += 1;
  // What can be undone stays beside what comes next; more would be a wall.
  const undoable = toasts.value.filter(({ action }) => action).slice(-1);
  toasts.value = [...undoable, { id: lastId, text, ...options }];
}

export function dismiss(id: number): void {
  toasts.value = toasts.value.filter((toast) => toast.id !== id);
}

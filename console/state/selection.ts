import { signal } from "@preact/signals";

/** IDs of the codes that are chosen in the list, in the order of choosing, for what is done to several at once. */
export const selection = signal<readonly string[]>([]);

export function toggleSelected(qrId: string): void {
  const { value: chosen } = selection;
  selection.value = chosen.includes(qrId) ? chosen.filter((other) => other !== qrId) : [...chosen, qrId];
}

/** Adds codes that are not chosen yet. */
export function select(qrIds: readonly string[]): void {
  selection.value = [...new Set([...selection.value, ...qrIds])];
}

/** Takes codes out, or all of them. */
export function unselect(qrIds: readonly string[] = selection.value): void {
  selection.value = selection.value.filter((qrId) => !qrIds.includes(qrId));
}

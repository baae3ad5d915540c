import type { QrCode } from "../../clients/typescript/src/schema.ts";
import { texts } from "../i18n/language.ts";

/** What a scan meets at the moment, by colour and word. A state that is new to this console is "other". */
export function StateBadge({ state }: { state: QrCode["state"] }) {
  const { states } = texts.value;
  const known = Object.hasOwn(states, state) ? state : "other";
  return <span class={`badge badge-${known}`}>{states[known as keyof typeof states]}</span>;
}

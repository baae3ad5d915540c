import { moment, number } from "../i18n/format.ts";
import { texts } from "../i18n/language.ts";

/** What people call a field; one that is new to this console is called by its own name. */
export function fieldLabel(field: string): string {
  const { fields, history } = texts.value;
  const labels: Record<string, unknown> = { ...fields, ...history.fields };
  const label = labels[field];
  return typeof label === "string" ? label : field;
}

/** A field's value in a sentence. */
export function shownValue(field: string, value: unknown): string {
  const { conflict, states } = texts.value;
  if (value === null || value === undefined || value === "") return conflict.empty;
  if (Array.isArray(value)) return value.length === 0 ? conflict.empty : value.join(", ");
  if (field === "startsAt" || field === "expiresAt") return moment(String(value));
  if (field === "status") return value === "paused" ? states.paused : states.open;
  if (typeof value === "number") return number(value);
  return typeof value === "object" ? shownMembers(value) : String(value);
}

/** An object's members, as words: what they are called is the API's. */
function shownMembers(value: object): string {
  const members = Object.entries(value).map(([name, member]) => {
    return `${name} ${typeof member === "object" ? JSON.stringify(member) : String(member)}`;
  });
  return members.join(", ");
}

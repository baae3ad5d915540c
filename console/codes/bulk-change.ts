import type { BulkInput, BulkReport, CodeSelection } from "../../clients/typescript/src/schema.ts";
import { asApiError } from "../api/api-error.ts";
import { call } from "../api/call.ts";
import { session } from "../auth/session.ts";
import { number } from "../i18n/format.ts";
import { texts } from "../i18n/language.ts";
import { messageOf } from "../parts/error-note.tsx";
import { rereadList } from "../state/code-list.ts";
import { unselect } from "../state/selection.ts";
import { say } from "../state/toasts.ts";

/** What is done to many codes at once. */
export type BulkAction =
  | { kind: "tag" | "untag"; tags: string[] }
  | { kind: "pause" | "activate" | "delete" | "restore" };

/** A change as it is sent; sent again after a lost reply, it does its work once. */
export interface BulkOrder {
  select: CodeSelection;
  action: BulkAction;
  /** The tenant that the codes are of, whichever is looked at by now. */
  tenant: string;
  key: string;
}

export function orderOf(select: CodeSelection, action: BulkAction): BulkOrder {
  return { select, action, tenant: session.value?.tenant ?? "", key: crypto.randomUUID() };
}

/** Tells what a change would do. @throws ApiError */
export async function tryBulk({ select, action, tenant }: BulkOrder): Promise<BulkReport> {
  const body = { select, ...changeOf(action) };
  const { data } = await call("bulk", { query: { dryRun: "true" }, body, headers: headersOf(tenant) });
  return data;
}

/**
 * Changes the codes, shows the list as it is then, and says what was changed and what was not, with a way back.
 *
 * @param known what a dry run found in need of no change, where the order leaves it out
 * @throws ApiError
 */
export async function runBulk(order: BulkOrder, known?: BulkReport): Promise<void> {
  const { data } = await send(order);
  const { changed } = data;
  const { kind } = order.action;
  unselect(kind === "delete" ? [...changed, ...data.notFound] : data.notFound);
  rereadList();
  const { bulk: said, code } = texts.value;
  const sentence = kind === "delete" ? said.deleted : said.changed;
  const unchanged = data.unchanged.length + (known?.unchanged.length ?? 0);
  const text = [
    sentence(changed.length, number(changed.length)),
    unchanged > 0 && said.unchanged(unchanged, number(unchanged)),
    data.notFound.length > 0 && said.notFound(data.notFound.length, number(data.notFound.length)),
  ];
  const back = { ...orderOf({ ids: changed }, oppositeOf(order.action)), tenant: order.tenant };
  const undo = { label: code.undo, run: () => void undoBulk(back) };
  say(text.filter(Boolean).join(" "), changed.length > 0 ? { action: undo } : {});
}

/** Takes a change back; what fails for the moment can be tried again. */
async function undoBulk(order: BulkOrder): Promise<void> {
  const { bulk: said, code } = texts.value;
  try {
    const { changed, notFound } = (await send(order)).data;
    rereadList();
    const missing = notFound.length > 0 ? ` ${said.notFound(notFound.length, number(notFound.length))}` : "";
    say(said.undone(changed.length, number(changed.length)) + missing);
  } catch (error) {
    const refused = asApiError(error);
    if (refused.failure === "refused")
      say(`${messageOf(refused)} ${refused.problem?.detail ?? ""}`, { isBad: true });
    else
      say(messageOf(refused), {
        isBad: true,
        action: { label: code.undo, run: () => void undoBulk(order) },
      });
  }
}

function send({ select, action, tenant, key }: BulkOrder) {
  const headers = { ...headersOf(tenant), "idempotency-key": key };
  return call("bulk", { body: { select, ...changeOf(action) }, headers });
}

function headersOf(tenant: string): Record<string, string> {
  return (session.value?.tenants.length ?? 0) > 1 ? { "x-tenant-id": tenant } : {};
}

function changeOf(action: BulkAction): Omit<BulkInput, "select"> {
  switch (action.kind) {
    case "tag":
      return { addTags: action.tags };
    case "untag":
      return { removeTags: action.tags };
    case "pause":
      return { set: { status: "paused" } };
    case "activate":
      return { set: { status: "active" } };
    case "delete":
      return { delete: true };
    case "restore":
      return { restore: true };
  }
}

const OPPOSITES = {
  tag: "untag",
  untag: "tag",
  pause: "activate",
  activate: "pause",
  delete: "restore",
  restore: "delete",
} as const;

/** What undoes an action where it has changed something. */
function oppositeOf(action: BulkAction): BulkAction {
  return { ...action, kind: OPPOSITES[action.kind] } as BulkAction;
}

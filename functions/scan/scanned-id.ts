import { QR_ID } from "../../core/ids.ts";
import { checkedQrId } from "../http/endpoint.ts";
import type { AuthorizedEvent } from "../http/tenancy.ts";

/**
 * What a scanner or a typesetter puts around an address: white space, punctuation, symbols and invisible characters, but
 * for the two that an ID may hold. Never a letter or a digit of any script, without which it would be another code's ID.
 */
const AROUND = /^[[\s\p{P}\p{S}\p{Cf}]--[\-_]]+|[[\s\p{P}\p{S}\p{Cf}]--[\-_]]+$/gv;

/** Longer text is no ID with something around it; the pattern above takes the square of the length. */
const MAX_LENGTH = 128;

/**
 * The code that a scan's path names, without what is around its ID (`/scan/summer-menu.`, `/scan/summer-menu/`).
 *
 * @throws Invalid if what is left can't be a code's ID
 */
export function scannedIdOf({ pathParameters }: Pick<AuthorizedEvent, "pathParameters">): string {
  const text = pathParameters?.qrId ?? pathParameters?.proxy ?? "";
  if (QR_ID.test(text) || text.length > MAX_LENGTH) return checkedQrId(text);
  return checkedQrId(text.replace(AROUND, ""));
}

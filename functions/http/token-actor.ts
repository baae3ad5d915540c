import type { Actor } from "../../core/actor.ts";
import { bearerToken, payloadOf } from "./bearer-token.ts";
import { own } from "./gateway-claims.ts";
import type { AuthorizedEvent } from "./tenancy.ts";

/** Claims of any length are stored with each change: this is more than a name or a subject has. */
const MAX_LENGTH = 255;

/** The person whom a verified token names. A token of a program may lack `sub`; its client then stands in its place. */
export function actorOf({ headers }: Pick<AuthorizedEvent, "headers">): Actor {
  const payload = payloadOf(bearerToken(headers.authorization) ?? "") ?? {};
  const first = (...names: string[]) => names.map((name) => storable(own(payload, name))).find(Boolean);
  return {
    type: "user",
    id: first("sub", "client_id") ?? "unknown",
    name: first("name", "email", "username") ?? null,
  };
}

/** What Postgres takes as text, cut to its bound; empty for what is no text. */
function storable(claim: unknown): string {
  return typeof claim === "string"
    ? claim.replaceAll("\0", "").slice(0, MAX_LENGTH).toWellFormed().trim()
    : "";
}

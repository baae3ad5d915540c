import type { ServiceError } from "../../core/errors.ts";
import { type PageText, page } from "../http/page.ts";
import { PROBLEMS } from "../http/problems.ts";
import type { HttpReply } from "../http/reply.ts";

const TEXTS: Partial<Record<ServiceError["kind"], PageText>> = {
  gone: { title: "This code is no longer active", text: "Whoever printed it has ended it." },
  unavailable: {
    title: "Please try again",
    text: "The service is busy right now. Scan the code again in a moment.",
  },
};

const UNKNOWN = {
  title: "This code leads nowhere",
  text: "It may not be active yet, or the address was not read correctly. Try to scan it again.",
};

/** What a person with a phone sees instead of a redirect. */
export function scanErrorPage({ kind }: ServiceError): HttpReply {
  const reply = page(PROBLEMS[kind].status, TEXTS[kind] ?? UNKNOWN);
  return kind === "unavailable" ? { ...reply, headers: { ...reply.headers, "retry-after": "2" } } : reply;
}

import { asksForHtml, asksForJson } from "../http/accept.ts";
import { type HttpHandler, publicEndpoint, type Telemetry } from "../http/endpoint.ts";
import { methodsAt } from "../http/match-route.ts";
import { page } from "../http/page.ts";
import { problem } from "../http/problem.ts";
import { PROBLEMS } from "../http/problems.ts";
import { type HttpReply, NO_INDEX } from "../http/reply.ts";
import type { AuthorizedEvent } from "../http/tenancy.ts";

const TEXT = {
  title: "This address leads nowhere",
  text: "It may not have been read or typed correctly. If you came by a code, try to scan it again.",
};

/** Answers what no route is for: an unknown path, or a known one by a method that it does not take. */
export function createHandler(services: Telemetry): HttpHandler {
  return publicEndpoint(services, async (event) => answer(event, methodsAt(event.rawPath)), NO_INDEX);
}

/** @param methods that the path takes */
function answer(event: AuthorizedEvent, methods: string[]): HttpReply {
  if (methods.length === 0) return refusal(event, "not-found", "there is no such route");
  const allow = [...methods, "OPTIONS"].join(", ");
  if (event.requestContext.http.method === "OPTIONS") return { statusCode: 204, headers: { allow } };
  const { headers, ...reply } = refusal(event, "method-not-allowed", `this path takes ${allow}`);
  return { ...reply, headers: { ...headers, allow } };
}

function refusal(
  event: AuthorizedEvent,
  kind: "not-found" | "method-not-allowed",
  detail: string,
): HttpReply {
  if (isPerson(event)) return page(PROBLEMS[kind].status, TEXT);
  return problem(kind, event.requestContext.requestId, detail);
}

/** Whether a person sees the reply: in a browser, or in the app in which a scanner opens a URL. */
function isPerson({ rawPath, headers, requestContext }: AuthorizedEvent): boolean {
  if (!["GET", "HEAD"].includes(requestContext.http.method)) return false;
  return asksForHtml(headers) || (/^\/scan(\/|$)/.test(rawPath) && !asksForJson(headers));
}

import type { RawReply } from "./exchange.ts";
import { KNOWN_CODE, leakedIn, PUBLIC_TARGET } from "./victim.ts";

/** A path that reads or changes the victim's code, however its ID is written. */
const AT_VICTIM = new RegExp(`^/qr/${KNOWN_CODE}(/stats)?$`);

/**
 * What is wrong with a reply that went to an attacker, whatever was asked.
 *
 * @param method as it was sent
 * @param target path and query, as they were sent
 */
export function faultsOf({ status, headers, body }: RawReply, method: string, target: string): string[] {
  const faults: string[] = [];
  const fault = (condition: boolean, text: string) => void (condition && faults.push(text));
  const header = (name: string) => headers.find(([candidate]) => candidate === name)?.[1];
  const names = headers.map(([name]) => name);
  const text = `${headers.map((pair) => pair.join(": ")).join("\n")}\n\n${body}`;

  fault(status >= 500, `status ${status}`);
  fault(new Set(names).size < names.length, `a header comes twice: ${names.join(", ")}`);
  fault(!header("x-request-id"), "no x-request-id");
  for (const secret of leakedIn(text)) faults.push(`the victim's ${secret} leaked`);
  fault(
    body.includes(PUBLIC_TARGET) || (status !== 302 && text.includes(PUBLIC_TARGET)),
    "the victim's target leaked",
  );
  // What OPTIONS says follows from the path's form alone, and is the same for a code that does not exist.
  const reached = status < 300 && method !== "OPTIONS" && AT_VICTIM.test(pathOf(target));
  fault(reached, `${method} reached the victim's code`);
  faults.push(
    ...locationFaults(status, header("location")),
    ...bodyFaults(status, header("content-type"), body, method),
  );
  return faults;
}

/** `Location` comes with what redirects, and with a code or key that was made, now or at the first of a repeated request. */
function locationFaults(status: number, location: string | undefined): string[] {
  const own = /^\/(qr\/[\w-]{3,64}|keys\/[0-9A-Za-z]{16})$/;
  if (location === undefined) return status === 201 || status === 302 ? [`${status} without a location`] : [];
  const expected =
    status === 200 || status === 201 ? own : status === 302 ? /^https?:\/\/[\x21-\x7e]+$/ : /^$/;
  return expected.test(location) ? [] : [`${status} with location: ${location}`];
}

function bodyFaults(status: number, type = "", body: string, method: string): string[] {
  // That unreadable bytes began with HEAD is not known.
  const unread = status === 400 || status === 431;
  if (method === "HEAD" && (body === "" || !unread)) return body === "" ? [] : ["HEAD got a body"];
  if (!type.includes("json")) return [];
  let parsed: Record<string, unknown>;
  try {
    parsed = JSON.parse(Buffer.from(body, "latin1").toString("utf8"));
  } catch {
    return ["the body is not the JSON that it says it is"];
  }
  if (status < 400) return [];
  const told = typeof parsed.title === "string" && typeof parsed.detail === "string";
  return parsed.status === status && told && typeof parsed.requestId === "string" ? [] : ["not a problem"];
}

function pathOf(target: string): string {
  const [path = ""] = target.split("?");
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

import { isbot } from "isbot";
import { isPerson } from "./person.ts";

/** User agents whose verdict is remembered: browsers send few different ones, and the list of bots is long. */
const REMEMBERED = 1_000;

const verdicts = new Map<string, boolean>();

/** Whether no person is behind a request with this user agent: one that is known as a bot's, or none at all. */
export function isBot(userAgent: string): boolean {
  const known = verdicts.get(userAgent);
  if (known !== undefined) return known;
  // A request without a user agent comes from a script; every browser sends one.
  const verdict = userAgent === "" || (isbot(userAgent) && !isPerson(userAgent));
  if (verdicts.size === REMEMBERED) verdicts.clear();
  verdicts.set(userAgent, verdict);
  return verdict;
}

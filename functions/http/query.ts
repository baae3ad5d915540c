import { Invalid } from "../../core/errors.ts";
import type { AuthorizedEvent } from "./tenancy.ts";

/**
 * API Gateway joins the values of a repeated query parameter with commas, indistinguishable from a comma in one value.
 *
 * @throws Invalid naming each parameter that is given more than once
 */
export function refuseRepeatedParameters({ rawQueryString }: Pick<AuthorizedEvent, "rawQueryString">): void {
  if (!rawQueryString?.includes("&")) return;
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const name of new URLSearchParams(rawQueryString).keys()) (seen.has(name) ? repeated : seen).add(name);
  if (repeated.size === 0) return;
  throw new Invalid([...repeated].map((path) => ({ path, message: "must be given once" })));
}

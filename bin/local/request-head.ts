import type { IncomingMessage } from "node:http";
import { Invalid, ServiceError } from "../../core/errors.ts";

/**
 * Holds a request's head against what HTTP asks of a server and Node's parser does not look at.
 *
 * @throws Invalid without a host in HTTP/1.1, or with several (https://www.rfc-editor.org/rfc/rfc9112#section-3.2)
 * @throws ServiceError `not-implemented` for a transfer coding besides chunked
 * (https://www.rfc-editor.org/rfc/rfc9112#section-6.1)
 */
export function checkHead({ rawHeaders, headers, httpVersion }: IncomingMessage): void {
  const hosts = countOf("host", rawHeaders);
  if (hosts > 1) throw new Invalid([{ path: "host", message: "must be sent once" }]);
  if (hosts === 0 && httpVersion === "1.1") throw new Invalid([{ path: "host", message: "is required" }]);
  const codings = headers["transfer-encoding"];
  if (codings !== undefined && codings.trim().toLowerCase() !== "chunked") {
    throw new ServiceError("not-implemented", "this transfer coding is not known here", {
      errors: [{ path: "transfer-encoding", message: "must be chunked" }],
    });
  }
}

/**
 * How often a header was sent.
 *
 * @param name in lower case
 * @param rawHeaders names and values in turn, as they came; Node drops a second `Host` from all others
 */
export function countOf(name: string, rawHeaders: string[]): number {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const given = rawHeaders[index] ?? "";
    if (given.length === name.length && given.toLowerCase() === name) count += 1;
  }
  return count;
}

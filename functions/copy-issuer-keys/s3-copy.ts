import type { KeysCopy } from "./handler.ts";
import { type AwsCredentials, signRequest } from "./sign-request.ts";

const TIMEOUT_MS = 5_000;

/** Of the copy: readers ask for it again this often, in seconds. */
const MAX_AGE_S = 300;

/** A copy that is an object of S3. */
export function s3Copy(url: URL, region: string, credentials: AwsCredentials): KeysCopy {
  async function send(
    method: "GET" | "PUT",
    body = "",
    headers: Record<string, string> = {},
  ): Promise<Response> {
    const { host: _, ...signed } = signRequest(
      { method, url, headers, body },
      credentials,
      region,
      Date.now(),
    );
    return fetch(url, {
      method,
      headers: signed,
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(method === "PUT" ? { body } : {}),
    });
  }

  return {
    async read() {
      const reply = await send("GET");
      if (reply.ok) return reply.json();
      // A role that may not list a bucket is told 403 of an object that is not there; the bucket's may.
      if (reply.status === 404) return undefined;
      throw new Error(`S3 refused to show the copy: status ${reply.status}`);
    },
    async write(jwks) {
      const headers = { "cache-control": `max-age=${MAX_AGE_S}`, "content-type": "application/json" };
      const reply = await send("PUT", JSON.stringify(jwks), headers);
      if (!reply.ok) throw new Error(`S3 refused the copy: status ${reply.status}`);
    },
  };
}

import type { Requester, UpstashRequest, UpstashResponse } from "@upstash/redis";
import type { HttpPoster } from "./http-post.ts";
import type { Reply } from "./port.ts";

/** An answer that no Upstash database gives. Its message holds nothing of the answer. */
export class NotJson extends Error {
  override name = "NotJson";
}

/**
 * Sends the client's commands by POST: one attempt each (https://upstash.com/docs/redis/features/restapi).
 *
 * @param token the database's REST token
 */
export function upstashRequester(poster: HttpPoster, token: string): Requester {
  const fixed = [
    ["content-type", "application/json"],
    ["authorization", `Bearer ${token}`],
    // JSON can't hold every string that Redis can.
    ["upstash-encoding", "base64"],
  ].flat();
  // Names the last write that this client has seen, which a replica that lags behind must have applied before it answers.
  let syncToken = "";

  return {
    async request<T>({ body }: UpstashRequest): Promise<UpstashResponse<T>> {
      const answer = await poster.post(JSON.stringify(body), [...fixed, "upstash-sync-token", syncToken]);
      const reply = parse(answer.text);
      if (answer.status < 200 || answer.status > 299) return { error: String(reply.error) };
      syncToken = String(answer.headers["upstash-sync-token"] ?? "");
      return { ...reply, result: decoded(reply.result) as T };
    },
  };
}

function parse(text: string): UpstashResponse<unknown> {
  try {
    return (JSON.parse(text) as UpstashResponse<unknown> | null) ?? {};
  } catch {
    throw new NotJson("the answer is not JSON");
  }
}

/** Strings as they are in Redis. No Base64 spells "OK", which Upstash leaves as it is. */
function decoded(value: unknown): Reply | undefined {
  if (typeof value === "string") return value === "OK" ? value : utf8Of(value);
  if (Array.isArray(value)) return value.map((item) => decoded(item) ?? null);
  if (typeof value === "number") return value;
  return value === undefined ? undefined : null;
}

/** Text that is no Base64 stands for itself: not every server of this protocol knows the encoding. */
function utf8Of(base64: string): string {
  try {
    return Buffer.from(atob(base64), "latin1").toString();
  } catch {
    return base64;
  }
}

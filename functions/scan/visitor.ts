import { createHmac } from "node:crypto";
import { utcDate } from "../shared/domain/utc-date.ts";

/** Bytes kept of the hash: 96 bits never collide among a day's visitors. */
const PSEUDONYM_BYTES = 12;

/**
 * A pseudonym for whoever scans: the same all through a UTC day, and another on the next. Without the key it can
 * neither be reversed nor joined across days, and what it is made of is not kept.
 *
 * @param now Unix ms
 */
export function visitorPseudonym(key: string, now: number, ip: string, userAgent: string): string {
  return createHmac("sha256", key)
    .update(`${utcDate(now)}\n${ip}\n${userAgent}`)
    .digest()
    .subarray(0, PSEUDONYM_BYTES)
    .toString("base64url");
}

import { hash } from "node:crypto";
import { utcDate } from "../utc-date.ts";

/** Characters kept of the hash, of 6 bits each: 96 bits never collide among a day's visitors. */
const PSEUDONYM_LENGTH = 16;

/**
 * A pseudonym for whoever scans: the same all through a UTC day, and another on the next. Without the key it can
 * neither be reversed nor joined across days, and what it is made of is not kept.
 *
 * It is a plain hash of key and message, which costs a quarter of an HMAC. What an HMAC prevents beyond that is that
 * somebody continues a hash without the key, for which they would need all of its 256 bits.
 *
 * @param now Unix ms
 */
export function visitorPseudonym(key: string, now: number, ip: string, userAgent: string): string {
  return hash("sha256", `${key}\n${utcDate(now)}\n${ip}\n${userAgent}`, "base64url").slice(
    0,
    PSEUDONYM_LENGTH,
  );
}

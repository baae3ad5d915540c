import { randomBytes, randomInt } from "node:crypto";

/** Random part of an ID, and how many of them are drawn at a time: a call of the generator costs more than an ID. */
const RANDOM_BYTES = 6;
const POOL_IDS = 128;

const DIGITS = 2 * RANDOM_BYTES;
const TIME_DIGITS = 12;

let pool = "";
let used = 0;
let sequence = randomInt(2 ** 26);
let lastMs = Number.NaN;
let time = "";

/**
 * A new UUIDv7 (https://www.rfc-editor.org/rfc/rfc9562#section-5.7): the time in ms, a sequence of 26 bits in the place of
 * `rand_a` and the start of `rand_b`, 48 random bits. Those of one process sort in the order in which they were made,
 * within a millisecond, too.
 */
export function newEventId(): string {
  const now = Date.now();
  if (now !== lastMs) {
    const digits = now.toString(16).padStart(TIME_DIGITS, "0");
    time = `${digits.slice(0, 8)}-${digits.slice(8)}`;
    lastMs = now;
  }
  if (used === pool.length) {
    pool = randomBytes(RANDOM_BYTES * POOL_IDS).toString("hex");
    used = 0;
  }
  sequence = (sequence + 1) & 0x3ffffff;
  const versioned = (0x7000 | (sequence >>> 14)).toString(16);
  const variant = (0x8000 | (sequence & 0x3fff)).toString(16);
  const random = pool.slice(used, used + DIGITS);
  used += DIGITS;
  return `${time}-${versioned}-${variant}-${random}`;
}

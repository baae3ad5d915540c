import { createHash, timingSafeEqual } from "node:crypto";
import { crc32 } from "node:zlib";
import { customAlphabet } from "nanoid";

/*
 * An API key: `qrs_`, an ID, `_`, a secret and a checksum. All of it is a single word, so that a double click selects it;
 * the prefix is for secret scanners, the checksum tells a key from a text that only looks like one without asking a
 * server. The form follows GitHub's: CRC-32 of what stands before it, in base 62, padded to six digits.
 * https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/
 */

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** 95 bits: IDs are no secret, and never collide. */
const ID_LENGTH = 16;

/** 256 bits. */
const SECRET_LENGTH = 43;

/** 62^6 is more than 2^32. */
const CHECKSUM_LENGTH = 6;

/** What a key begins with. No other credential of the service does. */
export const KEY_PREFIX = "qrs_";

/** A key's ID, which may be shown and logged. */
export const KEY_ID = /^[0-9A-Za-z]{16}$/;

const KEY = /^qrs_([0-9A-Za-z]{16})_[0-9A-Za-z]{49}$/;

/** A key that was just made. `text` is shown to its owner once, and stored nowhere. */
export interface NewKey {
  keyId: string;
  text: string;
  hash: string;
}

/** A key as it was presented, with what it is compared by. */
export interface PresentedKey {
  keyId: string;
  hash: string;
}

/** Makes a key of 256 random bits. */
export function newKey(): NewKey {
  const keyId = customAlphabet(ALPHABET, ID_LENGTH)();
  const unchecked = `${KEY_PREFIX}${keyId}_${customAlphabet(ALPHABET, SECRET_LENGTH)()}`;
  const text = unchecked + checksumOf(unchecked);
  return { keyId, text, hash: hashOf(text) };
}

/** Reads a presented key; `undefined` if it has not the form of one or its checksum is wrong. */
export function parseKey(text: string): PresentedKey | undefined {
  const [, keyId] = KEY.exec(text) ?? [];
  if (keyId === undefined) return undefined;
  const [unchecked, checksum] = [text.slice(0, -CHECKSUM_LENGTH), text.slice(-CHECKSUM_LENGTH)];
  return checksum === checksumOf(unchecked) ? { keyId, hash: hashOf(text) } : undefined;
}

/** Compares two hashes in a time that does not depend on where they differ. */
export function sameHash(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/**
 * SHA-256 in hexadecimal. Passwords need a slow hash because people choose guessable ones; 256 random bits can't be
 * guessed at any speed, and a slow hash would cost each request what it would cost an attacker.
 */
function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** The checksum of what stands before it. */
export function checksumOf(text: string): string {
  let rest = crc32(text);
  let digits = "";
  for (let index = 0; index < CHECKSUM_LENGTH; index++) {
    digits = ALPHABET.charAt(rest % ALPHABET.length) + digits;
    rest = Math.floor(rest / ALPHABET.length);
  }
  return digits;
}

import { createHash, randomInt, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

const LOOPBACK = new Set(["127.0.0.1", "::1", "localhost"]);

/** Without those that look like another when they are read off a screen: 31 of them. */
const LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ2345678";

/** Letters of a secret: 79 bits, which no one guesses through a form. */
const SECRET_LENGTH = 16;

/** Headers that a proxy or a tunnel adds: the request may then come from anywhere. */
const FORWARDED = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip"];

/** A secret to be read off the terminal, in groups of four. */
export async function newSignInSecret(): Promise<string> {
  const letters = Array.from({ length: SECRET_LENGTH }, () => LETTERS[randomInt(LETTERS.length)]);
  return letters.join("").replace(/.{4}(?=.)/g, "$&-");
}

/** Whether the gateway can be reached only from this machine. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.has(host);
}

/**
 * Whether a request is by somebody who sits at this machine: it came to an address that nobody else reaches, by a name
 * that a foreign page can't point at it, and through no proxy.
 *
 * @param listensOn the host that the gateway was told to listen on
 */
export function isAtThisMachine(listensOn: string, { headers }: Pick<IncomingMessage, "headers">): boolean {
  const name = headers.host?.replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1") ?? "";
  return (
    isLoopback(listensOn) && isLoopback(name) && FORWARDED.every((header) => headers[header] === undefined)
  );
}

/** Compares in a time that does not depend on how much of it is right; case and separators don't matter. */
export function isSecret(given: string, secret: string): boolean {
  const [left, right] = [given, secret].map((text) => digest(text.replace(/[^a-z0-9]/gi, "").toUpperCase()));
  return timingSafeEqual(left as Buffer, right as Buffer);
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

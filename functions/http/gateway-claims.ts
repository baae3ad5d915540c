import { isDeepStrictEqual } from "node:util";
import type { Payload } from "./bearer-token.ts";

/**
 * How API Gateway hands a token's claims to a function: each as text, in the notation of Go's `fmt`. A string stands as
 * it is, an array is `[a b]`, an object `map[key:value]` with its keys in order; a claim that is null is left out, and
 * within others it is `<nil>`. AWS documents none of this; it was observed:
 * - arrays: https://github.com/aws-solutions-library-samples/guidance-for-claude-code-with-amazon-bedrock/issues/802
 * - objects: https://github.com/aws/aws-lambda-go/issues/570
 * - numbers and booleans as text, null left out: https://github.com/floci-io/floci/pull/2011 (which writes objects as
 *   JSON, but calls that a fallback)
 * - numbers as JSON numbers, for a time: https://github.com/aws/aws-lambda-go/pull/295
 *
 * The notation is ambiguous: the string `[a b]` and the array of `a` and `b` look alike. So nothing may be read from
 * rendered claims; they only show which token was verified.
 */
export function renderedClaims(payload: Payload): Record<string, string> {
  return Object.fromEntries(
    Object.entries(payload)
      .filter(([, claim]) => claim !== null)
      .map(([name, claim]) => [name, pieces(claim).join("")] as const),
  );
}

/**
 * Compares a token's payload with all the claims that the authorizer passed on.
 *
 * What is observed to vary is accepted: a number counts by its value, however it is written (`1700000000`, `1.7e+09`),
 * since Go writes it in either way and no number is ever a tenant; a claim that is not text must have the payload's
 * own JSON value; a null may be missing or written. Everything else must match to the character.
 *
 * @returns the name of a claim that differs, is missing or was added; `undefined` if all agree
 */
export function differingClaim(payload: Payload, claims: Payload): string | undefined {
  const names = new Set([...Object.keys(payload), ...Object.keys(claims)]);
  return [...names].find((name) => !agree(own(payload, name), own(claims, name)));
}

/** Members that every object inherits are no claims. */
export function own(members: Payload, name: string): unknown {
  return Object.hasOwn(members, name) ? members[name] : undefined;
}

function agree(claim: unknown, passedOn: unknown): boolean {
  if (claim === undefined) return false;
  if (passedOn === undefined) return claim === null;
  return typeof passedOn === "string" ? isRendering(passedOn, claim) : isDeepStrictEqual(passedOn, claim);
}

/** As JSON has it, so that no other text is taken for a number. */
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

function isRendering(text: string, claim: unknown): boolean {
  let at = 0;
  for (const piece of pieces(claim)) {
    if (typeof piece === "string") {
      if (!text.startsWith(piece, at)) return false;
      at += piece.length;
    } else {
      NUMBER.lastIndex = at;
      const [number] = NUMBER.exec(text) ?? [];
      if (number === undefined || Number(number) !== piece) return false;
      at += number.length;
    }
  }
  return at === text.length;
}

type Piece = string | number;

/**
 * A claim's rendering, with numbers left for the caller to write or compare. Iterative, since a token can nest more
 * deeply than the stack allows.
 */
function pieces(claim: unknown): Piece[] {
  const done: Piece[] = [];
  const ahead: ({ claim: unknown } | { text: string })[] = [{ claim }];
  for (let next = ahead.pop(); next; next = ahead.pop()) {
    if ("text" in next) done.push(next.text);
    else if (Array.isArray(next.claim)) {
      const items = next.claim.flatMap((item, index) => [{ text: index > 0 ? " " : "" }, { claim: item }]);
      ahead.push(...[{ text: "[" }, ...items, { text: "]" }].reverse());
    } else if (typeof next.claim === "object" && next.claim !== null) {
      const members = Object.entries(next.claim)
        .sort(byBytes)
        .flatMap(([name, value], index) => [
          { text: `${index > 0 ? " " : ""}${name.toWellFormed()}:` },
          { claim: value },
        ]);
      ahead.push(...[{ text: "map[" }, ...members, { text: "]" }].reverse());
    } else done.push(plainPiece(next.claim));
  }
  return done;
}

function plainPiece(claim: unknown): Piece {
  if (typeof claim === "number") return claim;
  if (claim === null) return "<nil>";
  // Go has no lone surrogates.
  return String(claim).toWellFormed();
}

/** Go sorts keys by their UTF-8 bytes: https://pkg.go.dev/internal/fmtsort */
function byBytes([a]: [string, unknown], [b]: [string, unknown]): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

import { createHash } from "node:crypto";
import { FIELDS } from "./qr-code.ts";
import type { CodeState } from "./state.ts";

/** What a reply shows of a code beside the stored fields, which its version stands for. */
export interface TaggedCode {
  version: number;
  /** The live counter. */
  scans: number;
  state: CodeState;
}

/** Tells apart what versions of the service reply with for the same code: they differ in the fields that they know. */
const FORMAT = createHash("sha256")
  .update(FIELDS.map(([name]) => name).join())
  .digest("base64url")
  .slice(0, 4);

/**
 * The entity tag of a code, quotes included: `"<version>.<live part>"`. The version stands for all that a request can
 * change, and `If-Match` compares it alone; the live part is what a scan or the clock changes. Where the reply came from
 * (`cached`) counts for neither.
 */
export function codeTag({ version, scans, state }: TaggedCode): string {
  return `"${version}.${scans}-${state}-${FORMAT}"`;
}

/** Scans of one UTC day, in the order of a page's codes. */
export interface DayScans {
  /** `YYYY-MM-DD` */
  date: string;
  scans: readonly number[];
}

/** The entity tag of a page of codes. Weak, since the same page goes out compressed and not. */
export function pageTag(
  codes: readonly (TaggedCode & { qrId: string })[],
  nextCursor: string | null,
  today?: DayScans,
): string {
  const shown = codes.map(({ qrId, version, scans, state }) => `${qrId} ${version} ${scans} ${state}`);
  const day = today ? [today.date, ...today.scans] : [];
  const digest = createHash("sha256").update([FORMAT, nextCursor, ...shown, ...day].join("\n"));
  return `W/"${digest.digest("base64url").slice(0, 22)}"`;
}

/** Largest value of the column `version`. */
const MAX_VERSION = 2 ** 31 - 1;

/** The version of which an opaque tag tells, quotes included; `undefined` if it is not one of a code. */
export function versionOf(opaqueTag: string): number | undefined {
  const [, digits] = /^"([1-9]\d{0,9})\.[\w.-]+"$/.exec(opaqueTag) ?? [];
  const version = Number(digits);
  return version <= MAX_VERSION ? version : undefined;
}

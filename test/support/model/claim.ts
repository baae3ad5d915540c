import type { CodeState } from "./versions.ts";

/** What a reply says of a code. */
export interface Claim {
  code: string;
  said: string;
  fits(state: CodeState): boolean;
}

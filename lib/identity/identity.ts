import type { Scope } from "../../functions/manifest.ts";

/** Who signs the callers' tokens, and how it writes their scopes. */
export interface Identity {
  issuer: string;
  /** What a token's `aud`, or where it has none its `client_id`, must be one of. */
  audience: string[];
  scopeInToken(scope: Scope): string;
}

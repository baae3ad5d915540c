import type { Construct } from "constructs";
import type { Scope } from "../../functions/manifest.ts";
import type { Config } from "../config.ts";
import { UserPool } from "./user-pool.ts";

/** Who signs the callers' tokens, and how it writes their scopes. */
export interface Identity {
  issuer: string;
  /** What a token's `aud`, or where it has none its `client_id`, must be one of. */
  audience: string[];
  scopeInToken(scope: Scope): string;
}

/** The configured issuer, or else a user pool of our own. */
export function createIdentity(scope: Construct, config: Config): Identity {
  if (!config.oidc) return new UserPool(scope, "Users", config);
  return { ...config.oidc, scopeInToken: (name) => name };
}

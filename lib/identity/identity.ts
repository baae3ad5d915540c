import type { ConsoleConfig } from "../../console/config.ts";

/** Who signs the callers' tokens, and how it writes their scopes. */
export interface Identity {
  issuer: string;
  /** What a token's `aud`, or where it has none its `client_id`, must be one of. */
  audience: string[];
  /** Where functions read its keys, if not where its OpenID configuration says. */
  keysUrl?: string;
  /** What stands before each scope in a token. */
  scopePrefix: string;
  /** The claim that names the caller's tenant or tenants. */
  tenantClaim: string;
  /** How people sign in to the console, where it is deployed. */
  console?: Pick<ConsoleConfig, "clientId" | "server" | "signOutUrl">;
}

import type { Construct } from "constructs";
import type { Config } from "../config.ts";
import type { Identity } from "./identity.ts";
import { UserPool } from "./user-pool.ts";

/** The configured issuer, or else a user pool of our own. @param consoleUrl where people sign in from */
export function createIdentity(scope: Construct, config: Config, consoleUrl?: string): Identity {
  if (!config.oidc) return new UserPool(scope, "Users", config, consoleUrl);
  const { consoleClientId: clientId, ...issuer } = config.oidc;
  return { ...issuer, scopePrefix: "", ...(clientId && consoleUrl ? { console: { clientId } } : {}) };
}

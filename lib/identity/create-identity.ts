import type { Construct } from "constructs";
import type { Config } from "../config.ts";
import type { Identity } from "./identity.ts";
import { UserPool } from "./user-pool.ts";

/** The configured issuer, or else a user pool of our own. */
export function createIdentity(scope: Construct, config: Config): Identity {
  if (!config.oidc) return new UserPool(scope, "Users", config);
  return { ...config.oidc, scopePrefix: "" };
}

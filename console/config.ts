/** What a deployment tells its console, in `config.json` beside it. */
export interface ConsoleConfig {
  /** Where the API is; empty where it is the console's own origin. */
  api: string;
  /** Who signs the tokens. Its discovery document is read unless `server` names the endpoints. */
  issuer: string;
  clientId: string;
  /** Asked for at sign-in, as the issuer writes them. */
  scopes: string[];
  /** What the issuer puts before a scope's own name. */
  scopePrefix: string;
  /** The claim of the access token that names the tenant or tenants. */
  tenantClaim: string;
  server?: {
    authorization_endpoint: string;
    token_endpoint: string;
    revocation_endpoint?: string;
  };
  /** Where the issuer ends its own session; it leads back here. */
  signOutUrl?: string;
  /** Where the figures of the Service page are, if this deployment has them: a path of the API's host. */
  serviceFigures?: string;
  /** The deployment's own dashboard, linked from the Service page. */
  dashboardUrl?: string;
}

/** @throws TypeError if it can't be had */
export async function loadConfig(): Promise<ConsoleConfig> {
  const reply = await fetch("config.json");
  if (!reply.ok) throw new TypeError(`config.json: ${reply.status}`);
  return (await reply.json()) as ConsoleConfig;
}

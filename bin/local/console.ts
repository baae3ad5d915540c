import { join } from "node:path";
import type { ConsoleConfig } from "../../console/config.ts";
import { listTenants } from "../../data/postgres/tenants.ts";
import type { Services } from "../../functions/runtime/services.ts";
import { buildConsole } from "../console/build.ts";
import { type ConsolePages, consolePages, stylesOf } from "../console/pages.ts";
import { SUMMARY_PATH } from "./metrics/pages.ts";
import { keepSecret } from "./secret-file.ts";
import { ROLES } from "./sign-in/account.ts";
import { openSignIn, type SignIn } from "./sign-in/index.ts";
import { CLIENT_ID, PROVIDER_PATH } from "./sign-in/provider.ts";
import { isLoopback, newSignInSecret } from "./sign-in/trusted.ts";
import { LOCAL_TOKENS, type TokenIssuer } from "./tokens.ts";

export interface ConsoleOptions {
  services: Services;
  issuer: TokenIssuer;
  dataFolder: string;
  tenantClaim: string;
  host: string;
  port: string;
  publicBaseUrl: string;
}

export interface LocalConsole {
  beside: ConsolePages;
  signIn: SignIn;
  /** What signing in asks for, where others than this machine can reach the gateway. */
  secret: string | undefined;
}

/** Builds the console if it has to be, and opens the provider that signs in to it. */
export async function openConsole(options: ConsoleOptions): Promise<LocalConsole> {
  const { services, issuer, dataFolder, host } = options;
  const folder = await buildConsole();
  const styles = stylesOf(folder);
  const secret = await keepSecret(join(dataFolder, "sign-in-secret"), newSignInSecret);
  return {
    beside: consolePages(folder, localConfig(options)),
    signIn: openSignIn({
      ...options,
      signingKey: issuer.signingKey,
      secret,
      listTenants: (limit) => listTenants(services.db, limit),
      styles,
    }),
    secret: isLoopback(host) ? undefined : secret,
  };
}

function localConfig({ tenantClaim }: ConsoleOptions): ConsoleConfig {
  return {
    api: "",
    issuer: LOCAL_TOKENS.TOKEN_ISSUER,
    clientId: CLIENT_ID,
    scopes: ["openid", ...ROLES.administrator],
    scopePrefix: "",
    tenantClaim,
    serviceFigures: SUMMARY_PATH,
    server: {
      authorization_endpoint: `${PROVIDER_PATH}/auth`,
      token_endpoint: `${PROVIDER_PATH}/token`,
      revocation_endpoint: `${PROVIDER_PATH}/revoke`,
    },
  };
}

import { randomBytes } from "node:crypto";
import type { JWK } from "jose";
import { interactionPolicy, Provider } from "oidc-provider";
import { LOCAL_TOKENS } from "../tokens.ts";
import { accountOf, ROLES, subjectOf } from "./account.ts";
import { memoryAdapters } from "./adapter.ts";

/** The console at the provider: a program in a browser, which can keep no secret. */
export const CLIENT_ID = "console";

/** What a token for the API is asked for as. Resource indicators are URIs; the audience in the token is the API's own. */
export const RESOURCE = "urn:qr-service:api";

/** Everything of the provider lies below it, but its discovery document. */
export const PROVIDER_PATH = "/oidc";

/** Lifetimes in seconds. A token is renewed while the console is open; a console left alone for a day asks again. */
const LIFETIMES_S = {
  AccessToken: 3_600,
  AuthorizationCode: 60,
  Grant: 86_400,
  IdToken: 3_600,
  Interaction: 3_600,
  RefreshToken: 86_400,
  Session: 86_400,
};

export interface ProviderOptions {
  /** The private key that also signs the tokens of `npm run token`. */
  signingKey: JWK;
  tenantClaim: string;
  /** Where a code may be sent: the console's addresses. */
  redirectUris: string[];
  /** Whether a proxy that ends TLS stands before the gateway. */
  behindProxy: boolean;
}

const { Check, base } = interactionPolicy;

/**
 * The OpenID provider of one machine: authorization code with PKCE, and JWTs as the API takes them. Every sign-in asks
 * who it is for, so that changing tenant or role is signing in again.
 */
export function localProvider(options: ProviderOptions): Provider {
  const policy = base();
  const login = policy.get("login");
  const chooses = new Check("chosen", "whoever signs in chooses a tenant", (ctx) => !ctx.oidc.result?.login);
  login?.checks.add(chooses);
  const provider = new Provider(LOCAL_TOKENS.TOKEN_ISSUER, {
    adapter: memoryAdapters(),
    jwks: { keys: [{ ...options.signingKey, use: "sig", alg: "RS256" }] },
    cookies: { keys: [randomBytes(32).toString("base64url")] },
    clients: [
      {
        client_id: CLIENT_ID,
        client_name: "Console",
        redirect_uris: options.redirectUris,
        response_types: ["code"],
        grant_types: ["authorization_code", "refresh_token"],
        token_endpoint_auth_method: "none",
      },
    ],
    scopes: ["openid"],
    claims: { openid: ["sub"] },
    routes: {
      authorization: `${PROVIDER_PATH}/auth`,
      end_session: `${PROVIDER_PATH}/sign-out`,
      jwks: `${PROVIDER_PATH}/keys`,
      revocation: `${PROVIDER_PATH}/revoke`,
      token: `${PROVIDER_PATH}/token`,
      userinfo: `${PROVIDER_PATH}/me`,
    },
    interactions: { policy, url: (_context, { uid }) => `${PROVIDER_PATH}/sign-in/${uid}` },
    ttl: LIFETIMES_S,
    pkce: { required: () => true },
    rotateRefreshToken: true,
    issueRefreshToken: async (_context, client) => client.grantTypeAllowed("refresh_token"),
    // The console's own pages, and no other's scripts.
    clientBasedCORS: (_context, origin, { redirectUris = [] }) =>
      redirectUris.some((uri) => new URL(uri).origin === origin),
    findAccount: (_context, subject) => {
      const known = accountOf(subject);
      return known && { accountId: subject, claims: () => ({ sub: subject }) };
    },
    extraTokenClaims: (_context, token) => {
      const account = accountOf("accountId" in token ? (token.accountId as string) : "");
      if (!account) return undefined;
      const { role, tenants } = account;
      // The history calls whoever changed something by this name.
      const name = `${role.charAt(0).toUpperCase()}${role.slice(1)} at this machine`;
      return { name, [options.tenantClaim]: tenants.length === 1 ? tenants[0] : tenants };
    },
    features: {
      devInteractions: { enabled: false },
      revocation: {
        enabled: true,
        allowedPolicy: (_context, client, token) => token.clientId === client.clientId,
      },
      rpInitiatedLogout: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => RESOURCE,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: ROLES.administrator.join(" "),
          audience: LOCAL_TOKENS.TOKEN_AUDIENCE,
          accessTokenTTL: LIFETIMES_S.AccessToken,
          accessTokenFormat: "jwt",
          jwt: { sign: { alg: "RS256" } },
        }),
      },
    },
    renderError: (context, { error, error_description: description = "" }) => {
      context.type = "text";
      context.body = `${error}: ${description}\nOpen the console again to sign in.\n`;
    },
  });
  provider.proxy = options.behindProxy;
  return provider;
}

/** Grants an account what its role may do, and refuses it the rest, so that nothing is left to be asked. */
export async function grantTo(provider: Provider, subject: string): Promise<string> {
  const account = accountOf(subject);
  if (!account) throw new Error("there is no such account");
  const grant = new provider.Grant({ accountId: subjectOf(account), clientId: CLIENT_ID });
  const granted: readonly string[] = ROLES[account.role];
  grant.addOIDCScope("openid");
  grant.addResourceScope(RESOURCE, granted.join(" "));
  const refused = ROLES.administrator.filter((scope) => !granted.includes(scope));
  if (refused.length > 0) grant.rejectResourceScope(RESOURCE, refused.join(" "));
  return grant.save();
}

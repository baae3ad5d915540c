import * as oauth from "oauth4webapi";
import type { ConsoleConfig } from "../config.ts";
import type { Tokens } from "./session.ts";

/** What the way back from the issuer has to match. */
interface Attempt {
  verifier: string;
  state: string;
  nonce: string;
  /** The route to come back to. */
  route: string;
}

const KEY = "sign-in";

/** Where the issuer sends the browser back to. */
const redirectUri = () => `${location.origin}${location.pathname}`;

/** An issuer on this machine speaks HTTP. */
const options = () => ({ [oauth.allowInsecureRequests]: location.protocol === "http:" });

async function serverOf({ issuer, server }: ConsoleConfig): Promise<oauth.AuthorizationServer> {
  if (server) return { issuer, ...absolute(server) };
  const url = new URL(issuer);
  return oauth.processDiscoveryResponse(url, await oauth.discoveryRequest(url, options()));
}

/** Endpoints of the console's own origin are given by their paths. */
function absolute<T extends Record<string, string>>(endpoints: T): T {
  const resolved = Object.entries(endpoints).map(([name, url]) => [name, new URL(url, location.origin).href]);
  return Object.fromEntries(resolved) as T;
}

/** Leaves for the issuer's page. @param anew to be asked even by an issuer who remembers the browser */
export async function leaveToSignIn(config: ConsoleConfig, route: string, anew: boolean): Promise<void> {
  const server = await serverOf(config);
  const attempt: Attempt = {
    verifier: oauth.generateRandomCodeVerifier(),
    state: oauth.generateRandomState(),
    nonce: oauth.generateRandomNonce(),
    route,
  };
  sessionStorage.setItem(KEY, JSON.stringify(attempt));
  const url = new URL(server.authorization_endpoint as string);
  const parameters = {
    client_id: config.clientId,
    redirect_uri: redirectUri(),
    response_type: "code",
    scope: config.scopes.join(" "),
    code_challenge: await oauth.calculatePKCECodeChallenge(attempt.verifier),
    code_challenge_method: "S256",
    state: attempt.state,
    nonce: attempt.nonce,
    ...(anew ? { prompt: "login" } : {}),
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  location.assign(url);
}

/** Comes back from the issuer. @throws Error if what came back is refused or does not belong to this tab */
export async function returnFromSignIn(config: ConsoleConfig): Promise<{ tokens: Tokens; route: string }> {
  const kept = sessionStorage.getItem(KEY);
  sessionStorage.removeItem(KEY);
  if (kept === null) throw new Error("this tab did not ask to sign in");
  const { verifier, state, nonce, route } = JSON.parse(kept) as Attempt;
  const server = await serverOf(config);
  const client = { client_id: config.clientId };
  const parameters = oauth.validateAuthResponse(server, client, new URL(location.href), state);
  const reply = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    oauth.None(),
    parameters,
    redirectUri(),
    verifier,
    options(),
  );
  const asked = config.scopes.includes("openid") ? { expectedNonce: nonce, requireIdToken: true } : {};
  return { tokens: await oauth.processAuthorizationCodeResponse(server, client, reply, asked), route };
}

/** New tokens for a refresh token. @throws Error if the issuer refuses it */
export async function renew(config: ConsoleConfig, refreshToken: string): Promise<Tokens> {
  const server = await serverOf(config);
  const client = { client_id: config.clientId };
  const reply = await oauth.refreshTokenGrantRequest(server, client, oauth.None(), refreshToken, options());
  return oauth.processRefreshTokenResponse(server, client, reply);
}

/** Ends a refresh token at the issuer, where it can. */
export async function revoke(config: ConsoleConfig, refreshToken: string): Promise<void> {
  const server = await serverOf(config);
  if (!server.revocation_endpoint) return;
  const client = { client_id: config.clientId };
  await oauth.revocationRequest(server, client, oauth.None(), refreshToken, options());
}

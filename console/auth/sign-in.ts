import type { ConsoleConfig } from "../config.ts";
import { forgetImports } from "../state/kept-import.ts";
import { replaceRoute } from "../state/router.ts";
import { keepSession, session, sessionFrom } from "./session.ts";

/** Of the protocol, which most visits don't need. */
const protocol = () => import("./protocol.ts");

/** Whether the browser offers what a sign-in takes: it does over HTTPS and on this machine. */
export const canSignIn = () => globalThis.isSecureContext;

/** Whether the address is that of somebody who comes back from the issuer. */
export function isReturning(): boolean {
  const { searchParams } = new URL(location.href);
  return searchParams.has("state") && (searchParams.has("code") || searchParams.has("error"));
}

export async function signIn(config: ConsoleConfig, anew = false): Promise<void> {
  const route = location.hash === "#/signed-out" ? "" : location.hash;
  await (await protocol()).leaveToSignIn(config, route, anew);
}

/** Takes the issuer's answer out of the address, too. @throws Error if it is refused */
export async function finishSignIn(config: ConsoleConfig): Promise<void> {
  try {
    const { tokens, route } = await (await protocol()).returnFromSignIn(config);
    keepSession(sessionFrom(tokens, config));
    replaceRoute(`${location.pathname}${route}`);
  } catch (error) {
    replaceRoute(location.pathname);
    throw error;
  }
}

let renewal: Promise<boolean> | undefined;

/** Renews the access token, once for however many requests ask; `false` if whoever is signed in has to sign in again. */
export function renewSession(config: ConsoleConfig): Promise<boolean> {
  renewal ??= tryRenewal(config).finally(() => {
    renewal = undefined;
  });
  return renewal;
}

async function tryRenewal(config: ConsoleConfig): Promise<boolean> {
  const current = session.value;
  if (!current?.refreshToken) return false;
  try {
    const tokens = await (await protocol()).renew(config, current.refreshToken);
    keepSession(sessionFrom(tokens, config, current));
    return true;
  } catch {
    return false;
  }
}

export async function signOut(config: ConsoleConfig): Promise<void> {
  const refreshToken = session.value?.refreshToken;
  keepSession(undefined);
  sessionStorage.clear();
  forgetImports();
  location.hash = "#/signed-out";
  if (refreshToken) await (await protocol()).revoke(config, refreshToken).catch(() => {});
  if (config.signOutUrl) location.assign(config.signOutUrl);
}

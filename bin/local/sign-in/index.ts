import type { IncomingMessage, ServerResponse } from "node:http";
import type { JWK } from "jose";
import type { Provider } from "oidc-provider";
import { textsFor } from "../../../console/i18n/texts-for.ts";
import { accountOf, subjectOf } from "./account.ts";
import { SIGN_IN_HEADERS, type SignInPage, signInPage } from "./page.ts";
import { grantTo, localProvider, PROVIDER_PATH } from "./provider.ts";
import { readForm } from "./read-form.ts";
import { isAtThisMachine, isSecret } from "./trusted.ts";

const DISCOVERY = "/.well-known/openid-configuration";
const PAGE = `${PROVIDER_PATH}/sign-in/`;

/** Tenants that the page offers. */
const MAX_OFFERED = 8;

/** Where somebody starts who has no code yet. */
const FIRST_TENANT = "tenant_acme";

export interface SignInOptions {
  signingKey: JWK;
  tenantClaim: string;
  host: string;
  port: string;
  publicBaseUrl: string;
  /** Asked for wherever the request may come from another machine. */
  secret: string;
  /** Tenants that have codes. */
  listTenants(limit: number): Promise<string[]>;
  /** Address of the style sheet. */
  styles: string;
}

/** What signing in takes of the gateway: some paths, answered as Node's HTTP does. */
export interface SignIn {
  owns(path: string): boolean;
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

/** Opens the OpenID provider of one machine, with its page. */
export function openSignIn(options: SignInOptions): SignIn {
  const { port, publicBaseUrl, signingKey, tenantClaim } = options;
  const names = ["localhost", "127.0.0.1", "[::1]"].map((name) => `http://${name}:${port}/`);
  const provider = localProvider({
    signingKey,
    tenantClaim,
    redirectUris: [...new Set([...names, `${new URL(publicBaseUrl).origin}/`])],
    behindProxy: publicBaseUrl.startsWith("https:"),
  });
  const provide = provider.callback();
  return {
    owns: (path) => path === DISCOVERY || path.startsWith(`${PROVIDER_PATH}/`),
    async handle(request, response) {
      if (!request.url?.startsWith(PAGE)) return provide(request, response);
      if (request.method === "POST") await choose(options, provider, request, response);
      else await show(options, provider, request, response);
    },
  };
}

async function show(
  options: SignInOptions,
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
) {
  const isKnown = await provider.interactionDetails(request, response).catch(() => undefined);
  if (isKnown) await sendPage(options, request, response, 200);
  else startAgain(response);
}

async function choose(
  options: SignInOptions,
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const interaction = await provider.interactionDetails(request, response).catch(() => undefined);
  if (!interaction) return startAgain(response);
  const form = await readForm(request);
  const subject = accountOf(`${form.get("role")}@${form.get("tenant")}`);
  if (!subject) return sendPage(options, request, response, 422, "wrongTenant");
  if (!isAtThisMachine(options.host, request) && !isSecret(form.get("secret") ?? "", options.secret)) {
    return sendPage(options, request, response, 403, "wrongSecret");
  }
  const accountId = subjectOf(subject);
  const grantId = await grantTo(provider, accountId);
  const result = { login: { accountId, remember: false }, consent: { grantId } };
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}

async function sendPage(
  options: SignInOptions,
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  problem?: "wrongTenant" | "wrongSecret",
): Promise<void> {
  const { language, texts } = await textsFor(request.headers["accept-language"]);
  // Signing in does not depend on the database.
  const known = await options.listTenants(MAX_OFFERED).catch(() => []);
  const page: SignInPage = {
    texts: texts.signInPage,
    language,
    tenants: [...new Set([FIRST_TENANT, ...known])],
    asksSecret: !isAtThisMachine(options.host, request),
    problem: problem && texts.signInPage[problem],
    styles: options.styles,
  };
  response.writeHead(status, SIGN_IN_HEADERS).end(signInPage(page));
}

/** The page was left open for too long, or came from a bookmark: the console begins anew. */
function startAgain(response: ServerResponse): void {
  response.writeHead(303, { location: "/" }).end();
}

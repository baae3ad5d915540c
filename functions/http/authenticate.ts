import { parseKey } from "../../core/auth/api-key.ts";
import { type Caller, callerOf } from "../../core/auth/caller.ts";
import { jwtVerifier, type Payload } from "../../core/auth/jwt.ts";
import type { Scope } from "../../core/auth/scopes.ts";
import { LacksScope, ServiceError } from "../../core/errors.ts";
import { checkKey } from "../../data/check-key.ts";
import { required } from "../runtime/env.ts";
import { openIssuerKeys } from "../runtime/open-issuer-keys.ts";
import type { Services } from "../runtime/services.ts";
import { credentialsIn } from "./credentials.ts";

/**
 * Says who sent a request.
 *
 * @throws ServiceError `unauthenticated` unless it carries exactly one token or key that is good, in the same words
 * whatever is wrong with a key
 * @throws LacksScope naming the scope that the caller lacks
 * @throws Unavailable if that can't be found out
 */
export type Authenticate = (authorization: string | undefined, scope: Scope) => Promise<Caller>;

const made = new WeakMap<Services, Authenticate>();

/** The check of a process's services: one, so that what it remembers serves all endpoints. */
export function authenticator(services: Services): Authenticate {
  const known = made.get(services) ?? create(services);
  made.set(services, known);
  return known;
}

/** The same services that count elsewhere: what they remember of callers is one. */
export function withMetrics(services: Services, metrics: Services["metrics"]): Services {
  const counting = { ...services, metrics };
  made.set(counting, authenticator(services));
  return counting;
}

function create(services: Services): Authenticate {
  const { env, now } = services;
  const { keyOf } = services.issuerKeys ?? openIssuerKeys(services);
  const audience = required(env, "TOKEN_AUDIENCE").split(",");
  const verify = jwtVerifier({ issuer: required(env, "TOKEN_ISSUER"), audience, keyOf });
  const rules = { tenantClaim: required(env, "TENANT_CLAIM"), scopePrefix: env.SCOPE_PREFIX ?? "" };
  /** By the payloads that the verifier remembers. */
  const callers = new WeakMap<Payload, Caller>();

  function callerWith(payload: Payload): Caller {
    const caller = callers.get(payload) ?? callerOf(payload, rules);
    callers.set(payload, caller);
    return caller;
  }

  async function callerIn(authorization: string | undefined): Promise<Caller> {
    const credentials = credentialsIn(authorization);
    if (!credentials) throw unauthenticated("exactly one bearer token or API key is required");
    if (credentials.type === "token") {
      const verdict = await verify(credentials.token, now());
      if ("payload" in verdict) return callerWith(verdict.payload);
      throw unauthenticated(`the token was refused: it is ${verdict.refused}`);
    }
    const presented = parseKey(credentials.key);
    const key = presented && (await checkKey(services, presented));
    if (key) return key;
    throw unauthenticated("the API key is not good");
  }

  return async (authorization, scope) => {
    const caller = await callerIn(authorization);
    if (caller.scopes.includes(scope)) return caller;
    throw new LacksScope(scope);
  };
}

function unauthenticated(detail: string): ServiceError {
  return new ServiceError("unauthenticated", detail);
}

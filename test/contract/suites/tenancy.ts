import { createSecretKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import type { Context } from "aws-lambda";
import { type JWTPayload, SignJWT, UnsecuredJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LOCAL_TOKENS } from "../../../bin/local/tokens.ts";
import { SCOPES } from "../../../core/auth/scopes.ts";
import type { QrCode } from "../../../core/code/qr-code.ts";
import type { AuthorizedEvent } from "../../../functions/http/tenancy.ts";
import { type Route, type RouteName, routes } from "../../../functions/manifest.ts";
import { gatewayRequest } from "../../support/gateway-request.ts";
import { type SampleBody, sampleBody } from "../../support/sample-event.ts";
import { sendRepeatable } from "../../support/send-repeatable.ts";
import type { StartStack, TestStack } from "../../support/test-stack.ts";
import { KID, trusted as keys, signedToken } from "../../support/trusted-key.ts";

/** Bodies that can be sent again and again and on behalf of any tenant, where the sample's can not. */
const REPEATABLE: Partial<Record<RouteName, Record<string, unknown>>> = {
  generate: { targetUrl: "https://example.com/new" },
  // Of whichever codes the tenant has.
  sheets: { filter: { status: "active" }, layout: "a4-3x8" },
};

/** A body that the route accepts, so that only the token can be at fault; `undefined` if it takes none. */
const bodyOf = (route: Route): Pick<SampleBody, "type" | "text"> | undefined => {
  const own = REPEATABLE[route.name as RouteName];
  return own ? { type: "application/json", text: JSON.stringify(own) } : sampleBody(route);
};

const LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 1"><path d="M0 0h2v1z"/></svg>';

const OWN = "tenant_a";
const FOREIGN = "tenant_b";
const now = () => Math.floor(Date.now() / 1_000);

const otherKeys = generateKeyPairSync("rsa", { modulusLength: 2048 });
const publicPem = keys.publicKey.export({ type: "spki", format: "pem" });
const publicDer = keys.publicKey.export({ type: "spki", format: "der" });

interface TokenParts {
  claims?: Record<string, unknown>;
  header?: Record<string, unknown>;
  key?: KeyObject;
}

/** A token for `tenant_a` with every scope, good for a minute, but for what `parts` says; `undefined` leaves out. */
async function token({ claims = {}, header = {}, key = keys.privateKey }: TokenParts = {}): Promise<string> {
  return new SignJWT(defined({ ...goodClaims(), ...claims }))
    .setProtectedHeader({ alg: "RS256", ...defined({ kid: KID, ...header }) })
    .sign(key);
}

function goodClaims(): JWTPayload {
  return {
    iss: LOCAL_TOKENS.TOKEN_ISSUER,
    aud: LOCAL_TOKENS.TOKEN_AUDIENCE,
    iat: now() - 1,
    exp: now() + 60,
    tenant_id: OWN,
    scope: SCOPES.join(" "),
  };
}

function defined(members: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

/** Who may do what, through any stack: every route, every kind of caller. */
export function tenancySuite(start: StartStack): void {
  let stack: TestStack;
  let baseUrl: string;
  let logos = 0;
  /** What every refusal leaves as it is. */
  let own: Named;
  let foreign: Named;

  beforeAll(async () => {
    stack = await start();
    baseUrl = stack.baseUrl;
    own = await createOfAll(OWN);
    foreign = await createOfAll(FOREIGN);
  });
  afterAll(async () => {
    await stack.close();
  });

  /** What a path may name, of one tenant. */
  type Named = Record<"qrId" | "keyId" | "name", string>;

  const createOfAll = async (tenant: string): Promise<Named> => ({
    qrId: await createCode(tenant),
    keyId: (await createKey(tenant)).keyId,
    name: await createLogo(tenant),
  });

  /** Which of them it is. */
  function namedIn({ path }: Route): keyof Named {
    if (path.includes("{keyId}")) return "keyId";
    return path.includes("{name}") ? "name" : "qrId";
  }

  /** Makes what the route's path names, so that the route works on it. */
  async function create(route: Route, tenant: string): Promise<string> {
    const named = namedIn(route);
    if (named === "keyId") return (await createKey(tenant)).keyId;
    if (named === "name") return createLogo(tenant);
    const qrId = await createCode(tenant);
    if (route.name === "restore") await stack.call(`/qr/${qrId}`, { tenant, method: "DELETE" });
    return qrId;
  }

  async function createKey(tenant: string): Promise<{ keyId: string; key: string }> {
    const json = { name: "Machine", scopes: SCOPES };
    const reply = await stack.call("/keys", { method: "POST", tenant, json });
    expect(reply.status).toBe(201);
    return (await reply.json()) as { keyId: string; key: string };
  }

  async function createLogo(tenant: string): Promise<string> {
    const name = `logo-${++logos}`;
    const reply = await stack.call(`/logos/${name}`, { tenant, method: "PUT", body: LOGO });
    expect(reply.status).toBe(201);
    return name;
  }

  async function createCode(tenant: string, fields: Record<string, unknown> = {}): Promise<string> {
    const reply = await stack.call("/generate", {
      method: "POST",
      tenant,
      json: { targetUrl: "https://example.com/menu", ...fields },
    });
    expect(reply.status).toBe(201);
    return ((await reply.json()) as QrCode).qrId;
  }

  /** A header, or several of the same name. */
  type Authorization = string | string[] | undefined;

  interface Call {
    method?: string;
    /** Stands for every variable segment of the path; the own code unless told otherwise. */
    id?: string;
    authorization?: Authorization;
    /** Value of `X-Tenant-ID`. */
    tenant?: string;
  }

  /** A request that the route would fulfil, as far as its path and body go. */
  function send(
    route: Route,
    { method, id = own[namedIn(route)], authorization, tenant }: Call,
  ): Promise<Response> {
    const body = bodyOf(route);
    const headers = {
      ...(body ? { "content-type": body.type } : {}),
      ...(authorization === undefined ? {} : { authorization }),
      ...(tenant === undefined ? {} : { "x-tenant-id": tenant }),
    };
    return sendRepeatable(baseUrl + pathOf(route, id), {
      method: method ?? methodOf(route),
      headers,
      body: body?.text,
    });
  }

  const FOLDERS: Named = { qrId: "/qr", keyId: "/keys", name: "/logos" };
  const pathOf = (route: Route, id: string) => route.path.replace(/\{[^}]*\}/g, id);
  const methodOf = (route: Route) => route.methods[0] ?? "GET";

  interface Problem {
    type: string;
    title: string;
    status: number;
    detail: string;
    requestId: string;
    errors?: { path: string; message: string }[];
  }

  /** Checks the form that every refusal has, and returns it. */
  async function refused(reply: Response, status: number, path?: string): Promise<Problem> {
    const body = (await reply.json()) as Problem;
    expect(body).toEqual({
      type: expect.stringMatching(/^urn:problem:qr-service:[a-z-]+$/),
      title: expect.stringMatching(/.+/),
      status,
      detail: expect.stringMatching(/.+/),
      requestId: expect.stringMatching(/^[\w-]{16}$/),
      ...(path === undefined ? {} : { errors: [{ path, message: expect.stringMatching(/.+/) }] }),
    });
    expect(reply.status).toBe(status);
    expect(reply.headers.get("content-type")).toBe("application/problem+json");
    expect(reply.headers.get("x-request-id")).toBe(body.requestId);
    if (status === 401) {
      expect(reply.headers.get("www-authenticate")).toMatch(/^Bearer( error="invalid_token")?$/);
    }
    return body;
  }

  /** All that a write leaves behind: every row of every table, and the number of Redis keys. */
  async function stored(): Promise<unknown> {
    const [rows] = await stack.services.db.read(
      `SELECT (SELECT json_agg(c ORDER BY qr_id) FROM qr_codes c) AS codes,
      (SELECT json_agg(l.* ORDER BY tenant_id, name) FROM logos l) AS logos,
      (SELECT json_agg(s.* ORDER BY tenant_id) FROM tenant_styles s) AS styles,
      (SELECT count(*) FROM event_outbox) AS events,
      (SELECT count(*) FROM code_history) AS history,
      (SELECT count(*) FROM idempotency_keys) AS keys,
      (SELECT json_agg(k ORDER BY key_id) FROM api_keys k) AS api_keys,
      (SELECT json_agg(l ORDER BY tenant_id, name) FROM logos l) AS logos,
      (SELECT json_agg(s ORDER BY tenant_id) FROM tenant_styles s) AS styles,
      (SELECT count(*) FROM pending_invalidations) AS invalidations`,
      [],
    );
    return { ...rows, redisKeys: await stack.services.redis.command("DBSIZE") };
  }

  /** Makes a refused request and checks that it left no trace. */
  async function refusedAndUnwritten(
    request: () => Promise<Response>,
    status: number,
    path?: string,
  ): Promise<Problem> {
    // Fences expire by themselves; with no key to start from, any difference is the request's doing.
    await stack.services.redis.command("FLUSHALL");
    const before = await stored();
    const problem = await refused(await request(), status, path);
    expect(await stored()).toEqual(before);
    return problem;
  }

  const bearer = async (parts?: TokenParts) => `Bearer ${await token(parts)}`;
  const secret = (bytes: string | Buffer) => createSecretKey(Buffer.from(bytes));
  const hmac = { alg: "HS256" };

  /** What the authorizer must not take for a caller. */
  const UNAUTHENTICATED: Record<string, () => Promise<Authorization> | Authorization> = {
    "without a token": () => undefined,
    "with an empty token": () => "Bearer ",
    "with another scheme": () => `Basic ${Buffer.from("tenant_a:secret").toString("base64")}`,
    "with two headers, of one tenant and of another": async () => [
      await bearer(),
      await bearer({ claims: { tenant_id: FOREIGN } }),
    ],
    "with two headers of the same token": async () => {
      const same = await bearer();
      return [same, same];
    },
    "with two headers, the second of which is no token": async () => [await bearer(), "Basic eDp5"],
    "with two tokens in one header": async () =>
      `${await bearer()},${await bearer({ claims: { tenant_id: FOREIGN } })}`,
    "with two tokens behind one scheme": async () => `${await bearer()} ${await token()}`,
    "with a token that is no JWT": () => "Bearer nonsense",
    "with a JWT cut short": async () => (await bearer()).slice(0, -20),
    "with a JWT whose claims were exchanged": async () => {
      const [head, , signature] = (await bearer()).split(".");
      const claims = Buffer.from(JSON.stringify({ ...goodClaims(), tenant_id: FOREIGN })).toString(
        "base64url",
      );
      return `${head}.${claims}.${signature}`;
    },
    "with a JWT of which a part is no JSON": async () => {
      const [, claims, signature] = (await bearer()).split(".");
      return `Bearer ${Buffer.from("{").toString("base64url")}.${claims}.${signature}`;
    },
    "with an expired token": () => bearer({ claims: { exp: now() - 1 } }),
    "with a token that expires right now": () => bearer({ claims: { exp: now() } }),
    "with a token that is not yet valid": () => bearer({ claims: { nbf: now() + 30 } }),
    "with a token issued in the future": () => bearer({ claims: { iat: now() + 30 } }),
    "with a token that never expires": () => bearer({ claims: { exp: undefined } }),
    "with a token whose expiry is no number": () => bearer({ claims: { exp: String(now() + 60) } }),
    "with a token by another key of the same ID": () => bearer({ key: otherKeys.privateKey }),
    "with a token by another key of its own ID": () =>
      bearer({ key: otherKeys.privateKey, header: { kid: "another-key" } }),
    "with a token that brings its own key": () =>
      bearer({
        key: otherKeys.privateKey,
        header: { jwk: otherKeys.publicKey.export({ format: "jwk" }) },
      }),
    "with a token of an unknown key ID": () => bearer({ header: { kid: "unknown" } }),
    "with a token that names no key": () => bearer({ header: { kid: undefined } }),
    "with a token of another issuer": () => bearer({ claims: { iss: "https://elsewhere.example" } }),
    "with a token of no issuer": () => bearer({ claims: { iss: undefined } }),
    "with a token for another audience": () => bearer({ claims: { aud: "another-service" } }),
    "with a token for no audience": () => bearer({ claims: { aud: undefined } }),
    "with an unsigned token (alg none)": () =>
      `Bearer ${new UnsecuredJWT(goodClaims()).encode().replace(/^[^.]+/, noneHeader())}`,
    "with a token signed by HMAC with the public key (PEM)": () =>
      bearer({ key: secret(publicPem), header: hmac }),
    "with a token signed by HMAC with the public key (DER)": () =>
      bearer({ key: secret(publicDer), header: hmac }),
  };

  function noneHeader(): string {
    return Buffer.from(JSON.stringify({ alg: "none", kid: KID })).toString("base64url");
  }

  /** Claims in which a person could have written a tenant, as an organisation's name. */
  const BREACHES: Record<string, unknown> = {
    "two names with a space": `x ${FOREIGN}`,
    "two names with a comma": `Acme,${FOREIGN}`,
    "what looks like an array": `[x ${FOREIGN}]`,
    "what looks like an array of one": `[${FOREIGN}]`,
    "a name in spaces": ` ${FOREIGN} `,
    "a name and a line break": `${FOREIGN}\n`,
    "an array of an array of names": [["x", FOREIGN, "y"]],
    "an object of names": { a: `1 ${FOREIGN} y` },
    "a number": 42,
    "true or false": true,
    "an array of numbers": [42],
    "an array of two names in one": [`x ${FOREIGN}`],
    "an array in which one part is invalid": [FOREIGN, `x ${FOREIGN}`],
    "an array in which one part is empty": [FOREIGN, ""],
    "an array in which one part is null": [FOREIGN, null],
    "an array in which one part is a list": [FOREIGN, [FOREIGN]],
  };

  /** A claim of this value gives its bearer no tenant at all. */
  const NO_TENANT: Record<string, unknown> = {
    missing: undefined,
    null: null,
    empty: "",
    blank: " ",
    "an empty array": [],
    "an array of nothing": [""],
    "an object": { tenant: OWN },
    "an array of an array": [[OWN, FOREIGN]],
    "a name with a colon": `${OWN}:x`,
    "a name with an asterisk": "tenant_*",
    "only an asterisk": "*",
    "an array of patterns": ["*", "tenant_?", "tenant:a"],
    "a name of 65 characters": "x".repeat(65),
    "a name beyond ASCII": "ténant",
    "a pattern with a line break": `*\n${OWN}:`,
    ...BREACHES,
  };

  const protectedRoutes = routes.filter((route: Route) => route.scope !== undefined);
  const publicRoutes = routes.filter((route: Route) => route.scope === undefined && route.methods.length > 0);

  describe.each(protectedRoutes)("$methods $path", (tableRoute) => {
    const route: Route & { name: RouteName } = tableRoute;
    const named = route.path.includes("{");
    // Whatever it names, it makes one of its own.
    const makes = route.name === "put-logo";

    it.each(route.methods)(
      "(%s) works with a good token, whose reply carries its request's ID",
      async (method) => {
        const id = await create(route, OWN);
        const reply = await send(route, { method, id, authorization: await bearer() });
        expect(reply.status).toBeGreaterThanOrEqual(200);
        expect(reply.status).toBeLessThan(300);
        expect(reply.headers.get("x-request-id")).toMatch(/^[\w-]{16}$/);
      },
    );

    it("tells a caller who has sent no token no reason, and any other one that it is no good", async () => {
      const challengeOf = async (authorization?: string) =>
        (await send(route, { authorization })).headers.get("www-authenticate");
      expect(await challengeOf()).toBe("Bearer");
      expect(await challengeOf("Basic dXNlcjpwYXNz")).toBe("Bearer");
      expect(await challengeOf("Bearer nonsense")).toBe('Bearer error="invalid_token"');
      expect(await challengeOf(await bearer({ claims: { exp: now() - 1 } }))).toBe(
        'Bearer error="invalid_token"',
      );
    });

    it.each(Object.keys(UNAUTHENTICATED))("refuses a caller %s with 401 and does nothing", async (name) => {
      const authorization = await UNAUTHENTICATED[name]?.();
      const { type } = await refusedAndUnwritten(() => send(route, { authorization }), 401);
      expect(type).toBe("urn:problem:qr-service:unauthenticated");
    });

    it.each([
      ["the other scopes", SCOPES.filter((scope) => scope !== route.scope).join(" ")],
      ["no scope", undefined],
      ["an empty scope", ""],
      ["a scope that only begins like it", `${route.scope}-all`],
      ["the scope in capitals", String(route.scope).toUpperCase()],
      ["a wildcard", "qr:* *"],
    ])("refuses a token with %s with 403 and does nothing", async (_name, scope) => {
      const authorization = await bearer({ claims: { scope } });
      const { type } = await refusedAndUnwritten(() => send(route, { authorization }), 403);
      expect(type).toBe("urn:problem:qr-service:forbidden");
    });

    if (named && !makes) {
      it("answers a foreign ID exactly as an unknown one, cached, deleted or not", async () => {
        const key = namedIn(route) === "keyId" ? await createKey(FOREIGN) : undefined;
        const isLogo = namedIn(route) === "name";
        const foreign = key?.keyId ?? (await (isLogo ? createLogo : createCode)(FOREIGN));
        const authorization = await bearer();
        const outcome = async (id: string) => {
          const reply = await send(route, { id, authorization });
          const headers = { ...Object.fromEntries(reply.headers), "x-request-id": "", date: "" };
          const { requestId } = await refused(reply.clone(), 404);
          const text = (await reply.text()).replaceAll(id, "<id>").replaceAll(requestId, "<request>");
          return { text, headers };
        };
        const unknown = await outcome("x".repeat(foreign.length));
        expect(await outcome(foreign)).toEqual(unknown);
        // Its owner's read and a visitor's scan, or its use, bring it into the cache.
        if (key) {
          const used = { tenant: null, headers: { authorization: `Bearer ${key.key}` } };
          expect((await stack.call("/qr", used)).status).toBe(200);
        } else if (!isLogo) {
          expect((await stack.call(`/qr/${foreign}`, { tenant: FOREIGN })).status).toBe(200);
          expect((await stack.call(`/scan/${foreign}`, { tenant: null })).status).toBe(302);
        }
        expect(await outcome(foreign)).toEqual(unknown);
        const deleted = await stack.call(`${FOLDERS[namedIn(route)]}/${foreign}`, {
          tenant: FOREIGN,
          method: "DELETE",
        });
        expect(deleted.status).toBe(204);
        expect(await outcome(foreign)).toEqual(unknown);
      });
    }

    if (makes) {
      it("leaves a foreign one of the same name as it is", async () => {
        const name = await create(route, FOREIGN);
        const read = async () =>
          (await stack.call(`/logos/${name}`, { tenant: FOREIGN })).headers.get("etag");
        const before = await read();
        expect((await send(route, { id: name, authorization: await bearer() })).status).toBe(201);
        expect(await read()).toBe(before);
      });
    }

    if (named && !makes && route.scope !== "qr:read") {
      it("does nothing to what is another tenant's", async () => {
        const id = foreign[namedIn(route)];
        await refusedAndUnwritten(async () => send(route, { id, authorization: await bearer() }), 404);
        const several = await bearer({ claims: { tenant_id: [OWN, FOREIGN] } });
        const chosen = { id, authorization: several, tenant: OWN };
        await refusedAndUnwritten(() => send(route, chosen), 404);
      });
    }

    it("asks a caller with several tenants to choose one, and does nothing", async () => {
      const authorization = await bearer({ claims: { tenant_id: [OWN, FOREIGN] } });
      await refusedAndUnwritten(() => send(route, { authorization }), 400, "X-Tenant-ID");
    });

    it.each([
      ["one", OWN],
      ["several", [OWN, "tenant_c"]],
    ])("refuses a tenant that is not in a claim of %s with 403 and does nothing", async (_name, claim) => {
      const authorization = await bearer({ claims: { tenant_id: claim } });
      for (const tenant of [FOREIGN, "", "*", `${OWN},${FOREIGN}`, OWN.toUpperCase(), "tenant_"]) {
        const request = { id: foreign[namedIn(route)], authorization, tenant };
        await refusedAndUnwritten(() => send(route, request), 403, "X-Tenant-ID");
      }
    });

    it("acts for the tenant that the header chooses", async () => {
      const authorization = await bearer({ claims: { tenant_id: ["tenant_c", FOREIGN, OWN] } });
      const id = await create(route, FOREIGN);
      const reply = await send(route, { id, authorization, tenant: FOREIGN });
      expect(reply.ok).toBe(true);
      if (route.name === "generate") {
        expect(((await reply.json()) as QrCode).tenantId).toBe(FOREIGN);
      }
      if (named && !makes) await refused(await send(route, { authorization, tenant: FOREIGN }), 404);
    });

    it("takes nobody's word but the token's, whatever stands beside it in the event", async () => {
      const handler = stack.handlers[route.name];
      const invoke = async (
        members: Record<string, unknown>,
        headers: Record<string, string | undefined> = {},
      ) => {
        const event = eventOf(route, foreign[namedIn(route)], headers);
        const { requestContext } = event;
        const reply = await handler(
          { ...event, requestContext: { ...requestContext, ...members } },
          {} as Context,
        );
        return reply.statusCode;
      };
      const claims = { tenant_id: FOREIGN, scope: SCOPES.join(" ") };
      const authorizer = { jwt: { claims, scopes: SCOPES }, lambda: claims, iam: claims };
      expect(await invoke({ authorizer }, { authorization: undefined })).toBe(401);
      expect(await invoke({ authorizer }, { authorization: `Bearer ${signedToken(claims)}x` })).toBe(401);
      expect(await invoke({ authorizer }, { "x-tenant-id": FOREIGN })).toBe(403);
      if (named && !makes) expect(await invoke({ authorizer })).toBe(404);
    });

    it.each(Object.keys(NO_TENANT))("refuses a claim that is %s with 403 and does nothing", async (name) => {
      const authorization = await bearer({ claims: { tenant_id: NO_TENANT[name] } });
      await refusedAndUnwritten(() => send(route, { authorization }), 403);
      for (const tenant of [OWN, FOREIGN, "x", "42", "null", "undefined", "object"]) {
        await refused(await send(route, { authorization, tenant }), 403, "X-Tenant-ID");
      }
    });
  });

  describe.each(publicRoutes)("$methods $path", (tableRoute) => {
    const route: Route = tableRoute;

    it.each(route.methods)(
      "(%s) is public: any token or none gets the same answer, with its ID",
      async (method) => {
        const id = await createCode(OWN);
        const authorizations = [
          undefined,
          "Bearer nonsense",
          await bearer({ claims: { exp: now() - 1 } }),
          await bearer({ key: otherKeys.privateKey }),
          await bearer({ claims: { tenant_id: FOREIGN, scope: "" } }),
        ];
        const expected = await send(route, { method, id, authorization: await bearer() });
        expect(expected.status).toBeLessThan(400);
        for (const authorization of authorizations) {
          const reply = await send(route, { method, id, authorization, tenant: FOREIGN });
          expect(reply.status).toBe(expected.status);
          expect(reply.headers.get("location")).toBe(expected.headers.get("location"));
          expect(reply.headers.get("x-request-id")).toMatch(/^[\w-]{16}$/);
        }
      },
    );
  });

  /** The event of a request for `tenant_a` with every scope, unless its headers say otherwise. */
  function eventOf(route: Route, id: string, headers: Record<string, string | undefined>): AuthorizedEvent {
    const body = bodyOf(route);
    return gatewayRequest({
      method: methodOf(route),
      path: pathOf(route, id),
      claims: { tenant_id: OWN, scope: SCOPES.join(" ") },
      headers: { ...headers, ...(body ? { "content-type": body.type } : {}) },
      pathParameters: { qrId: id, keyId: id, name: id },
      ...(body ? { body: body.text } : {}),
    });
  }
}

import { afterEach, describe, expect, it, vi } from "vitest";
import { LOCAL_TOKENS } from "../../bin/local/tokens.ts";
import { DATABASE, NotFound, Unavailable } from "../../core/errors.ts";
import type { MetricName } from "../../core/telemetry/metrics.ts";
import {
  publicEndpoint,
  qrIdOf,
  type TenantCall,
  tenantBodyEndpoint,
  tenantEndpoint,
} from "../../functions/http/endpoint.ts";
import { lambdaHandler } from "../../functions/http/lambda.ts";
import { json } from "../../functions/http/reply.ts";
import type { Services } from "../../functions/runtime/services.ts";
import { gatewayRequest } from "../support/gateway-request.ts";
import { recordLog } from "../support/log-recorder.ts";
import { trustedKeys } from "../support/trusted-key.ts";

const MAX_BODY = 32_768;
const SCOPE = "qr:read qr:write";

/** What an endpoint needs of the services, and the names of the metrics that each flush wrote. */
function recordingServices() {
  const log = recordLog();
  const flushed: MetricName[][] = [];
  let added: MetricName[] = [];
  const metrics = {
    add: (name: MetricName) => added.push(name),
    flush() {
      flushed.push(added);
      added = [];
    },
  };
  const env = { ...LOCAL_TOKENS, TENANT_CLAIM: "org" };
  const services = { env, log, metrics, now: Date.now, issuerKeys: trustedKeys } as unknown as Services;
  return { services, log, flushed };
}

const request = (members: object = {}, claims: Record<string, unknown> = { org: "tenant_a", scope: SCOPE }) =>
  gatewayRequest({ claims, ...members });
const context = {} as never;

describe("a public endpoint", () => {
  it("adds the request's ID to the reply, and writes the figures once", async () => {
    const { services, flushed } = recordingServices();
    const handler = publicEndpoint(services, async () => json(200, { ok: true }, { "x-other": "kept" }));
    const { headers } = await handler(request(), context);
    expect(headers).toMatchObject({ "x-request-id": "request-1", "x-other": "kept" });
    expect(flushed).toEqual([[]]);
  });

  it("replies a problem with the request's ID to whatever is thrown, and writes the figures once", async () => {
    const { services, log, flushed } = recordingServices();
    const handler = publicEndpoint(services, async () => {
      throw new NotFound("qr_1");
    });
    const { statusCode, headers, body } = await handler(request(), context);
    expect([statusCode, headers["x-request-id"]]).toEqual([404, "request-1"]);
    expect(JSON.parse(body ?? "").requestId).toBe("request-1");
    expect(log.lines).toEqual([]);
    expect(flushed).toEqual([[]]);
  });

  it.each([
    ["a database that does not answer", new Unavailable(DATABASE), 503, ["DatabaseErrors"]],
    ["an issuer that does not answer", new Unavailable("the issuer of tokens"), 503, []],
    ["a defect", new Error("bug"), 500, []],
    [
      "a defect that resembles a database's",
      Object.assign(new Error("bug"), { kind: "unavailable" }),
      500,
      [],
    ],
  ])(
    "counts only a database that does not answer as its error (%s)",
    async (_what, error, status, metrics) => {
      const { services, flushed } = recordingServices();
      const handler = publicEndpoint(services, () => Promise.reject(error));
      expect(await handler(request(), context)).toMatchObject({ statusCode: status });
      expect(flushed).toEqual([metrics]);
    },
  );
});

describe("an endpoint for tenants", () => {
  it("acts for the tenant of the configured claim", async () => {
    const handler = tenantEndpoint("get", recordingServices().services, async (call) =>
      json(200, call.tenantId),
    );
    expect(await handler(request(), context)).toMatchObject({ body: '"tenant_a"' });
    expect(await handler(request({}, { tenant_id: "tenant_a", scope: SCOPE }), context)).toMatchObject({
      statusCode: 403,
    });
  });

  it.each(["TENANT_CLAIM", "TOKEN_ISSUER", "TOKEN_AUDIENCE"])("is not made without %s", (name) => {
    const { services } = recordingServices();
    const handle = async () => json(200, {});
    const lacking = () => ({ ...services, env: { ...services.env, [name]: undefined } }) as Services;
    expect(() => tenantEndpoint("get", lacking(), handle)).toThrow(`${name} is required`);
    expect(() => tenantBodyEndpoint("generate", lacking(), handle)).toThrow(`${name} is required`);
  });

  it("asks for the scope of its route, and says which one it was", async () => {
    const handler = tenantEndpoint("delete", recordingServices().services, async () => json(200, {}));
    const reply = await handler(request({}, { org: "tenant_a", scope: "qr:read qr:admin" }), context);
    expect(reply).toMatchObject({
      statusCode: 403,
      headers: { "www-authenticate": 'Bearer error="insufficient_scope", scope="qr:write"' },
    });
    expect(JSON.parse(reply.body ?? "").detail).toBe("the scope qr:write is required");
  });

  it("knows who acts", async () => {
    const handler = tenantEndpoint("get", recordingServices().services, async ({ actor, scopes }) =>
      json(200, { actor, scopes }),
    );
    const claims = { org: "tenant_a", scope: SCOPE, sub: "42", email: "zoe@example.com" };
    expect(JSON.parse((await handler(request({}, claims), context)).body ?? "")).toEqual({
      actor: { type: "user", id: "42", name: "zoe@example.com" },
      scopes: ["qr:read", "qr:write"],
    });
  });

  it("that takes a body hands it over as what it says, with the tenant and the event", async () => {
    const calls: (TenantCall & { body: unknown })[] = [];
    const handler = tenantBodyEndpoint("generate", recordingServices().services, async (call) => {
      calls.push(call);
      return json(201, {});
    });
    const reply = await handler(
      request({ body: '{"name":"Menu"}', pathParameters: { qrId: "qr_1" } }),
      context,
    );
    expect(reply).toMatchObject({ statusCode: 201, headers: { "x-request-id": "request-1" } });
    expect(calls).toMatchObject([
      { tenantId: "tenant_a", body: { name: "Menu" }, event: { pathParameters: { qrId: "qr_1" } } },
    ]);
  });

  it("refuses whoever it does not know before it looks at the body", async () => {
    const handler = tenantBodyEndpoint("generate", recordingServices().services, async () => json(201, {}));
    for (const body of ["{", "x".repeat(MAX_BODY + 1), undefined]) {
      expect(await handler(request({ body }, {}), context)).toMatchObject({ statusCode: 403 });
    }
  });

  it("takes a body of 32,768 bytes and refuses a larger one, counted in bytes", async () => {
    const handler = tenantBodyEndpoint("generate", recordingServices().services, async () => json(201, {}));
    const post = (text: string) => handler(request({ body: JSON.stringify(text) }), context);
    expect(await post("x".repeat(MAX_BODY - 2))).toMatchObject({ statusCode: 201 });
    for (const text of ["x".repeat(MAX_BODY - 1), `${"x".repeat(MAX_BODY - 3)}ü`]) {
      const reply = await post(text);
      expect(reply.statusCode).toBe(413);
      expect(JSON.parse(reply.body ?? "")).toMatchObject({
        detail: "the body must have at most 32768 bytes",
        errors: [{ path: "body", message: "must have at most 32768 bytes" }],
      });
    }
  });
});

describe("the code that a path names", () => {
  it.each(["abc", "qr_1-X", "x".repeat(64)])("is %s", (qrId) => {
    expect(qrIdOf(request({ pathParameters: { qrId } }))).toBe(qrId);
  });

  it.each([
    { pathParameters: { qrId: "ab" } },
    { pathParameters: { qrId: "a:b" } },
    { pathParameters: {} },
    {},
  ])("can't be %j, and the reply says what it may be", (fields) => {
    expect(() => qrIdOf(request(fields))).toThrow(
      expect.objectContaining({
        kind: "invalid",
        errors: [{ path: "qrId", message: "must match ^[A-Za-z0-9_-]{3,64}$" }],
      }),
    );
  });
});

describe("a function in Lambda", () => {
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  });

  it("is not wired where its environment lacks what its route uses, and says what", async () => {
    const wiring = lambdaHandler("scan", () => async () => json(200, {}));
    await expect(wiring).rejects.toThrow("DATABASE_URL is required; VISITOR_KEY is required");
  });

  it("is wired with what its route uses, and writes its figures under its name", async () => {
    vi.stubEnv("DATABASE_URL", "postgres://127.0.0.1:1/none");
    vi.stubEnv("REDIS_URL", "redis://127.0.0.1:1");
    vi.stubEnv("VISITOR_KEY", "x".repeat(32));
    const written = vi.spyOn(process.stdout, "write").mockReturnValue(true);
    const handler = await lambdaHandler("scan", (services) =>
      publicEndpoint(services, async () => {
        services.metrics.add("Scans");
        await services.close();
        return json(200, Object.keys(services.env).includes("PUBLIC_BASE_URL"));
      }),
    );
    expect(await handler(request(), context)).toMatchObject({ statusCode: 200, body: "false" });
    const lines = written.mock.calls.map(([line]) => String(line)).filter((line) => line.includes("_aws"));
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ function: "scan", Scans: 1 }]);
  });
});

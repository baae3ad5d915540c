import { describe, expect, it } from "vitest";
import { Invalid, NotFound, ServiceError, Unavailable } from "../../core/errors.ts";
import { withChallenge } from "../../functions/http/challenge.ts";
import { problem, problemReply } from "../../functions/http/problem.ts";
import { PROBLEMS } from "../../functions/http/problems.ts";
import { json } from "../../functions/http/reply.ts";
import { recordLog } from "../support/log-recorder.ts";

/** The reply to an error, its body read, and what was logged. */
function replyTo(error: unknown) {
  const log = recordLog();
  const { statusCode, headers, body } = problemReply(error, "request-1", log);
  return { statusCode, headers, body: JSON.parse(body ?? ""), lines: log.lines };
}

/** What middy's body parser throws. */
const parserError = (statusCode: number, message: string, data?: unknown) =>
  Object.assign(new Error(message, { cause: { package: "@middy/http-json-body-parser", data } }), {
    statusCode,
  });

describe("a problem", () => {
  it.each([
    ["invalid", 400, "Invalid request"],
    ["unauthenticated", 401, "Unauthenticated"],
    ["forbidden", 403, "Forbidden"],
    ["not-found", 404, "Not found"],
    ["request-timeout", 408, "Request timeout"],
    ["conflict", 409, "Conflict"],
    ["gone", 410, "Gone"],
    ["too-large", 413, "Content too large"],
    ["unsupported-media-type", 415, "Unsupported media type"],
    ["too-broad", 422, "Too broad"],
    ["headers-too-large", 431, "Request header fields too large"],
    ["internal", 500, "Internal error"],
    ["not-implemented", 501, "Not implemented"],
    ["busy", 503, "Too busy"],
    ["unavailable", 503, "Temporarily unavailable"],
  ] as const)("of the kind %s says so in its type, status and title", (kind, status, title) => {
    const { statusCode, headers, body } = problem(kind, "request-1", "what happened", [
      { path: "field", message: "is wrong" },
    ]);
    expect(statusCode).toBe(status);
    expect(headers["content-type"]).toBe("application/problem+json");
    expect(headers["cache-control"]).toBe("no-store");
    expect(JSON.parse(body ?? "")).toEqual({
      type: `urn:problem:qr-service:${kind}`,
      title,
      status,
      detail: "what happened",
      requestId: "request-1",
      errors: [{ path: "field", message: "is wrong" }],
    });
  });

  it("names the scheme only where there is no good token", () => {
    const challenges = Object.keys(PROBLEMS).map((kind) => {
      const reply = problem(kind as keyof typeof PROBLEMS, "request-1");
      return withChallenge(reply, undefined, "Bearer a.b.c").headers["www-authenticate"];
    });
    expect(challenges.filter(Boolean)).toEqual(['Bearer error="invalid_token"']);
  });

  it.each([
    [undefined, "Bearer"],
    ["", "Bearer"],
    [" ", "Bearer"],
    ["Bearer", "Bearer"],
    ["Basic dXNlcjpwYXNz", "Bearer"],
    ["Digest username=x", "Bearer"],
    ["Bearer nonsense", 'Bearer error="invalid_token"'],
    ["bearer a.b.c", 'Bearer error="invalid_token"'],
    ["a.b.c", 'Bearer error="invalid_token"'],
    ["Bearer a.b.c,Bearer a.b.c", 'Bearer error="invalid_token"'],
  ])("gives a reason only to whoever sent a token (Authorization: %s)", (authorization, challenge) => {
    const reply = withChallenge(problem("unauthenticated", "request-1"), undefined, authorization);
    expect(reply.headers["www-authenticate"]).toBe(challenge);
  });

  it("asks to come back only if a dependency is down, or too much is asked at once", () => {
    const asking = Object.keys(PROBLEMS).filter(
      (kind) => "retry-after" in problem(kind as keyof typeof PROBLEMS, "request-1").headers,
    );
    expect(asking).toEqual(["busy", "unavailable"]);
    expect(problem("busy", "request-1").headers["retry-after"]).toBe("1");
    expect(problem("unavailable", "request-1").headers["retry-after"]).toBe("2");
  });
});

describe("an error that was expected", () => {
  it("is told as it is, and not logged", () => {
    const { statusCode, body, lines } = replyTo(new NotFound("qr_1"));
    expect(statusCode).toBe(404);
    expect(body.detail).toBe("there is no code qr_1");
    expect(body).not.toHaveProperty("errors");
    expect(lines).toEqual([]);
  });

  it("names each field that is wrong, one by one and in its text", () => {
    const errors = [
      { path: "name", message: "must not be empty" },
      { path: "tags.1", message: "must be a string" },
    ];
    const { statusCode, body } = replyTo(new Invalid(errors));
    expect(statusCode).toBe(400);
    expect(body).toMatchObject({ detail: "name: must not be empty; tags.1: must be a string", errors });
  });

  it("names the first twenty fields that are wrong, and counts the others", () => {
    const errors = Array.from({ length: 3_000 }, (_, n) => ({ path: `field${n}`, message: "is wrong" }));
    const { body } = replyTo(new Invalid(errors));
    expect(body.errors).toEqual(errors.slice(0, 20));
    expect(body.detail).toMatch(/^field0: is wrong; .*field19: is wrong; and 2980 more$/);
    expect(replyTo(new Invalid(errors.slice(0, 20))).body.detail).toMatch(/field19: is wrong$/);
  });

  it("carries its name, kind, errors and cause to whoever catches it", () => {
    const cause = new Error("the driver's");
    expect(new Invalid([], { cause })).toMatchObject({
      name: "ServiceError",
      kind: "invalid",
      errors: [],
      cause,
    });
    expect(new Unavailable("the database", { cause })).toMatchObject({ kind: "unavailable", cause });
    expect(new ServiceError("gone", "it was deleted").errors).toBeUndefined();
  });

  it("is a warning with its cause if a dependency is down, of which the caller sees nothing", () => {
    const cause = new Error("connect ECONNREFUSED 10.0.0.1");
    const { statusCode, body, lines } = replyTo(new Unavailable("the database", { cause }));
    expect(statusCode).toBe(503);
    expect(body.detail).toBe("the database does not answer; try again shortly");
    expect(JSON.stringify(body)).not.toContain("ECONNREFUSED");
    expect(lines).toMatchObject([
      {
        level: "warn",
        message: "the database does not answer; try again shortly",
        fields: { requestId: "request-1", error: { cause: { message: cause.message } } },
      },
    ]);
  });
});

describe("an error that nobody expected", () => {
  it.each([
    [
      "an error",
      new Error("secret", { cause: new Error("deeper") }),
      { message: "secret", cause: { message: "deeper" } },
    ],
    [
      "an error of another package",
      new Error("secret", { cause: { package: "other" } }),
      { message: "secret" },
    ],
    [
      "an error that looks like the body parser's",
      Object.assign(new Error("secret"), { statusCode: 415 }),
      { message: "secret" },
    ],
    ["text", "secret", { message: "secret" }],
  ])(
    "(%s) is a 500 that says nothing of it, and logged whole with the request's ID",
    (_what, error, logged) => {
      const { statusCode, body, lines } = replyTo(error);
      expect(statusCode).toBe(500);
      expect(body).toEqual({
        type: "urn:problem:qr-service:internal",
        title: "Internal error",
        status: 500,
        detail: "something went wrong on our side",
        requestId: "request-1",
      });
      expect(lines).toMatchObject([
        { level: "error", message: "unexpected error", fields: { requestId: "request-1", error: logged } },
      ]);
    },
  );
});

describe("a body that can't be read", () => {
  it("and is no JSON by its type is told which type it needs", () => {
    const { statusCode, body, lines } = replyTo(parserError(415, "Unsupported Media Type"));
    expect(statusCode).toBe(415);
    expect(body).toMatchObject({
      type: "urn:problem:qr-service:unsupported-media-type",
      detail: "body: must be sent as application/json",
      errors: [{ path: "content-type", message: "must be sent as application/json" }],
    });
    expect(lines).toEqual([]);
  });

  it("since it is malformed is told so", () => {
    const { statusCode, body } = replyTo(parserError(422, "Invalid or malformed JSON was provided"));
    expect(statusCode).toBe(400);
    expect(body).toMatchObject({
      type: "urn:problem:qr-service:invalid",
      detail: "body: is not well-formed JSON",
      errors: [{ path: "body", message: "is not well-formed JSON" }],
    });
  });

  it("since a key could reach a prototype is told which", () => {
    const { statusCode, body } = replyTo(parserError(422, "Forbidden key in JSON body", "__proto__"));
    expect(statusCode).toBe(400);
    expect(body.errors).toEqual([{ path: "__proto__", message: "is not a known field" }]);
  });
});

describe("a JSON reply", () => {
  it("may not be stored, and takes further headers", () => {
    expect(json(201, { a: 1 }, { location: "/qr/qr_1" })).toEqual({
      statusCode: 201,
      headers: { "content-type": "application/json", "cache-control": "no-store", location: "/qr/qr_1" },
      body: '{"a":1}',
    });
  });
});

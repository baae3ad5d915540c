import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { checksumOf, newKey } from "../../../core/auth/api-key.ts";
import { SCOPES, type Scope } from "../../../core/auth/scopes.ts";
import { type ApiKey, MAX_KEYS } from "../../../core/auth/stored-key.ts";
import { keepOutOfLogs } from "../../support/log-recorder.ts";
import type { CallInit, StartStack, TestStack } from "../../support/test-stack.ts";

type NewApiKey = ApiKey & { key: string };

/** API keys from their making to their end, through any stack. */
export function keysSuite(start: StartStack): void {
  let stack: TestStack;
  beforeAll(async () => {
    stack = await start();
  });
  afterAll(() => stack.close());
  beforeEach(() => stack.database.sql("DELETE FROM api_keys"));

  interface Request extends CallInit {
    /** In place of a token. */
    key?: string;
  }

  const call = (path: string, { key, ...init }: Request = {}) =>
    stack.call(
      path,
      key === undefined ? init : { tenant: null, ...init, headers: { ...bearer(key), ...init.headers } },
    );
  const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

  const post = (json: object, init: Request = {}) => call("/keys", { method: "POST", json, ...init });

  async function make(
    fields: Partial<{ scopes: readonly Scope[]; name: string; expiresAt: string }> = {},
    init: Request = {},
  ) {
    const reply = await post({ name: "Printer", scopes: SCOPES, ...fields }, init);
    expect(reply.status).toBe(201);
    const made = (await reply.json()) as NewApiKey;
    keepOutOfLogs([made.key]);
    return made;
  }

  const list = async (init: Request = {}) =>
    (await (await call("/keys", init)).json()) as { keys: ApiKey[]; count: number };
  const revoke = (keyId: string, init: Request = {}) => call(`/keys/${keyId}`, { method: "DELETE", ...init });
  const statusWith = async (key: string) => (await call("/qr", { key })).status;

  describe("POST /keys", () => {
    it("201: shows the key once, and nothing of it is stored but its hash", async () => {
      const reply = await post({ name: " Label  printer ", scopes: ["qr:read", "qr:write"] });
      expect(reply.status).toBe(201);
      expect(reply.headers.get("cache-control")).toBe("no-store");
      const made = (await reply.json()) as NewApiKey;
      expect(made).toEqual({
        keyId: expect.stringMatching(/^[0-9A-Za-z]{16}$/),
        key: expect.stringMatching(new RegExp(`^qrs_${made.keyId}_[0-9A-Za-z]{49}$`)),
        name: expect.stringMatching(/^Label +printer$/),
        scopes: ["qr:read", "qr:write"],
        createdBy: { type: "user", id: "local", name: expect.any(String) },
        createdAt: expect.stringMatching(/Z$/),
        expiresAt: null,
        lastUsedAt: null,
      });
      expect(await statusWith(made.key)).toBe(200);
      const secret = made.key.slice(-49);
      const [row] = await stack.database.sql("SELECT json_agg(k)::text AS text FROM api_keys k");
      expect(JSON.stringify(row)).not.toContain(secret);
      for (const key of (await stack.services.redis.command("KEYS", "*")) as string[])
        expect(String(await stack.services.redis.command("MGET", key))).not.toContain(secret);
      expect(JSON.stringify(await list())).not.toContain(secret);
    });

    it.each([
      ["no name", { scopes: ["qr:read"] }, "name"],
      ["an empty name", { name: " ", scopes: ["qr:read"] }, "name"],
      ["a name of 101 characters", { name: "x".repeat(101), scopes: ["qr:read"] }, "name"],
      ["a name with a line break", { name: "a\nb", scopes: ["qr:read"] }, "name"],
      ["no scopes", { name: "x" }, "scopes"],
      ["an empty list of scopes", { name: "x", scopes: [] }, "scopes"],
      ["a scope that there is not", { name: "x", scopes: ["qr:*"] }, "scopes.0"],
      ["a scope twice", { name: "x", scopes: ["qr:read", "qr:read"] }, "scopes"],
      [
        "an expiry that is no instant",
        { name: "x", scopes: ["qr:read"], expiresAt: "tomorrow" },
        "expiresAt",
      ],
      [
        "an expiry in the past",
        { name: "x", scopes: ["qr:read"], expiresAt: "2020-01-01T00:00:00Z" },
        "expiresAt",
      ],
      ["a field that there is not", { name: "x", scopes: ["qr:read"], key: "mine" }, "key"],
    ])("400: refuses %s, and makes nothing", async (_what, json, path) => {
      const reply = await post(json);
      expect(reply.status).toBe(400);
      expect(await reply.json()).toMatchObject({
        errors: expect.arrayContaining([{ path, message: expect.any(String) }]),
      });
      expect((await list()).count).toBe(0);
    });

    it("403: a key never has a scope that its creator lacks, whether that is a person or a key", async () => {
      const lacking = { name: "x", scopes: ["qr:read", "qr:write"] };
      const admin: readonly Scope[] = ["qr:read", "qr:admin"];
      const byPerson = await post(lacking, { scopes: admin });
      expect(byPerson.status).toBe(403);
      expect(await byPerson.json()).toMatchObject({
        errors: [{ path: "scopes", message: expect.stringContaining("qr:write") }],
      });
      const { key } = await make({ scopes: admin });
      expect((await post(lacking, { key })).status).toBe(403);
      expect((await list()).count).toBe(1);
    });

    it("403: nobody makes a key without qr:admin", async () => {
      const scopes: readonly Scope[] = ["qr:read", "qr:write"];
      const { key } = await make({ scopes });
      for (const init of [{ scopes }, { key }]) {
        const reply = await post({ name: "x", scopes: ["qr:read"] }, init);
        expect(reply.status).toBe(403);
        expect(reply.headers.get("www-authenticate")).toBe(
          'Bearer error="insufficient_scope", scope="qr:admin"',
        );
        expect(await reply.json()).toMatchObject({ detail: "the scope qr:admin is required" });
      }
    });

    it("409: a tenant has at most 100 live keys, however many are made at once", async () => {
      await stack.database.sql(
        `INSERT INTO api_keys (key_id, tenant_id, hash, name, scopes, created_by, created_at)
         SELECT lpad(n::text, 16, '0'), 'tenant_a', repeat('0', 64), 'x', '{qr:read}', '{"type":"user","id":"x","name":null}', now()
         FROM generate_series(1, $1) n`,
        [MAX_KEYS - 2],
      );
      const replies = await Promise.all(
        Array.from({ length: 6 }, () => post({ name: "x", scopes: ["qr:read"] })),
      );
      expect(replies.map(({ status }) => status).sort()).toEqual([201, 201, 409, 409, 409, 409]);
      expect((await list()).count).toBe(MAX_KEYS);
      await make({}, { tenant: "tenant_b" });
      expect((await revoke("0".repeat(15) + 1)).status).toBe(204);
      await make();
    });
  });

  describe("GET /keys", () => {
    it("200: lists the tenant's own keys, newest first, by whom they were made", async () => {
      const first = await make({ name: "First" });
      const second = await make(
        { name: "Second", scopes: ["qr:read"], expiresAt: "2099-01-01T00:00:00Z" },
        { key: first.key },
      );
      await make({ name: "Foreign" }, { tenant: "tenant_b" });
      const { keys, count } = await list();
      expect(count).toBe(2);
      const { key: _second, ...shown } = second;
      expect(keys[0]).toEqual(shown);
      expect(keys[0]).toMatchObject({
        createdBy: { type: "key", id: first.keyId, name: "First" },
        expiresAt: "2099-01-01T00:00:00.000Z",
      });
      expect(keys[1]).toMatchObject({ keyId: first.keyId, createdBy: { type: "user" } });
    });

    it("says when a key was last used, to the minute", async () => {
      const { key, keyId } = await make();
      const before = Date.now();
      expect((await list()).keys[0]?.lastUsedAt).toBeNull();
      await call("/qr", { key });
      const [used] = (await list()).keys;
      expect(used).toMatchObject({ keyId, lastUsedAt: expect.stringMatching(/:00\.000Z$/) });
      const at = Date.parse(used?.lastUsedAt ?? "");
      expect(at).toBeGreaterThan(before - 60_000);
      expect(at).toBeLessThanOrEqual(Date.now());
    });

    it("says it too where somebody without the secret has asked first", async () => {
      const { key, keyId } = await make();
      const { text } = newKey();
      expect(await statusWith(withId(text, keyId))).toBe(401);
      expect(await statusWith(key)).toBe(200);
      expect((await list()).keys[0]?.lastUsedAt).not.toBeNull();
    });
  });

  describe("a key", () => {
    it("acts for its tenant alone, whatever X-Tenant-ID says", async () => {
      const { key } = await make();
      const made = await call("/generate", {
        key,
        method: "POST",
        json: { targetUrl: "https://example.com/" },
      });
      expect(await made.json()).toMatchObject({ tenantId: "tenant_a" });
      expect((await call("/qr", { key, headers: { "x-tenant-id": "tenant_a" } })).status).toBe(200);
      expect((await call("/qr", { key, headers: { "x-tenant-id": "tenant_b" } })).status).toBe(403);
    });

    it("does what its scopes say, and no more", async () => {
      const { key } = await make({ scopes: ["qr:read"] });
      expect(await statusWith(key)).toBe(200);
      const reply = await call("/generate", {
        key,
        method: "POST",
        json: { targetUrl: "https://example.com/" },
      });
      expect(reply.status).toBe(403);
      expect(reply.headers.get("www-authenticate")).toBe(
        'Bearer error="insufficient_scope", scope="qr:write"',
      );
    });

    it("is refused in the same words whatever is wrong with it", async () => {
      const revoked = await make();
      const known = await make();
      expect((await revoke(revoked.keyId)).status).toBe(204);
      const expired = await make();
      await stack.database.sql(
        "UPDATE api_keys SET expires_at = now() - interval '1 hour' WHERE key_id = $1",
        [expired.keyId],
      );
      const foreign = newKey();
      const refusedKeys = {
        unknown: foreign.text,
        revoked: revoked.key,
        expired: expired.key,
        "of another secret": withId(foreign.text, known.keyId),
        malformed: "qrs_",
        "of a wrong checksum": `${known.key.slice(0, -1)}${known.key.endsWith("0") ? "1" : "0"}`,
      };
      const outcomes = await Promise.all(
        Object.entries(refusedKeys).flatMap(([, key]) => [outcomeOf(key), outcomeOf(key)]),
      );
      expect(outcomes[0]).toMatchObject({
        status: 401,
        headers: { "www-authenticate": 'Bearer error="invalid_token"' },
      });
      for (const outcome of outcomes) expect(outcome).toEqual(outcomes[0]);
    });

    it("is one alone: two of them, or one beside a token, are none", async () => {
      const { key } = await make();
      const token = await stack.issuer.issue(["tenant_a"], SCOPES);
      for (const authorization of [
        `Bearer ${key},Bearer ${key}`,
        `Bearer ${token},Bearer ${key}`,
        `${key} ${key}`,
      ])
        expect((await call("/qr", { tenant: null, headers: { authorization } })).status).toBe(401);
    });

    it("ends at its expiry, though it is cached", async () => {
      const { key, keyId } = await make({ expiresAt: "2099-01-01T00:00:00Z" });
      expect(await statusWith(key)).toBe(200);
      const cached = await stack.services.cache.getCache<{ expiresAt: number }>(
        `qr-service:api-key:${keyId}`,
      );
      if (cached.result !== "hit") return expect.unreachable();
      await stack.services.cache.setCache(
        `qr-service:api-key:${keyId}`,
        { ...cached.value, expiresAt: Date.now() - 1 },
        30,
      );
      expect(await statusWith(key)).toBe(401);
    });
  });

  describe("DELETE /keys/{keyId}", () => {
    it("204: from its answer on the key is refused, though it was cached, and is listed no more", async () => {
      const { key, keyId } = await make();
      expect(await statusWith(key)).toBe(200);
      expect(await statusWith(key)).toBe(200);
      expect((await revoke(keyId)).status).toBe(204);
      expect(await statusWith(key)).toBe(401);
      expect((await list()).count).toBe(0);
    });

    it("404: a key that is unknown, revoked or another tenant's", async () => {
      const { keyId } = await make();
      const foreign = await make({}, { tenant: "tenant_b" });
      expect((await revoke(keyId)).status).toBe(204);
      for (const id of [keyId, foreign.keyId, "0".repeat(16)]) expect((await revoke(id)).status).toBe(404);
      expect(await statusWith(foreign.key)).toBe(200);
    });

    it.each(["x", "x".repeat(15), "x".repeat(17), "qrs_000000000000", "a%2Ab"])(
      "400: %s is no key's ID",
      async (id) => {
        expect((await revoke(id)).status).toBe(400);
      },
    );

    it("a key may revoke others and itself, if it is an administrator's", async () => {
      const admin = await make();
      const other = await make({ scopes: ["qr:read"] });
      expect((await revoke(admin.keyId, { key: other.key })).status).toBe(403);
      expect((await revoke(other.keyId, { key: admin.key })).status).toBe(204);
      expect((await revoke(admin.keyId, { key: admin.key })).status).toBe(204);
      expect((await revoke(admin.keyId, { key: admin.key })).status).toBe(401);
    });
  });

  /** All that a client sees of a refusal, but what names the request. */
  async function outcomeOf(key: string) {
    const reply = await call("/qr", { key });
    const text = await reply.text();
    const { requestId } = JSON.parse(text) as { requestId: string };
    const headers = { ...Object.fromEntries(reply.headers), "x-request-id": "", date: "" };
    return { status: reply.status, text: text.replace(requestId, ""), headers };
  }
}

/** A key of another's ID, with a checksum that is right. */
function withId(text: string, keyId: string): string {
  const unchecked = `qrs_${keyId}${text.slice(20, -6)}`;
  return unchecked + checksumOf(unchecked);
}

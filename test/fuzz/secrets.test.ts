import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { newKey } from "../../core/auth/api-key.ts";
import { checkLogs, logCollector } from "../support/log-collection.ts";
import { findSecrets } from "../support/secrets-detectors.ts";

const JWT = "eyJhbGciOiJSUzI1NiJ9.eyJ0ZW5hbnRfaWQiOiJ4In0.c2lnbmF0dXJl";
const folder = mkdtempSync(join(tmpdir(), "qr-service-secrets-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("the check of the log", () => {
  it.each([
    ["token", `refused ${JWT}`],
    ["token", "refused eyJhbGciOiJSUzI1NiJ9."],
    ["bearer token", '{"authorization":"Bearer abcdef123456"}'],
    ["bearer token", "authorization: bearer 0123456789abcdef"],
    ["API key", `refused ${newKey().text}`],
    ["API key", `{"id":"x_${newKey().text}"}`],
    ["connection string", "can't reach postgres://db.internal:5432/qr"],
    ["connection string", "can't reach rediss://cache.internal"],
    ["credentials in a URL", "can't reach postgres://user:pass@db.internal/qr"],
    ["credentials in a URL", "can't reach redis://:pass@cache.internal"],
    ["URL's query", '{"target":"https://example.com/menu?session=1"}'],
    ["client's address", "a scan from 203.0.113.7"],
    ["client's address", '{"ip":"198.51.100.255"}'],
    ["client's address", "from 127.0.0.1."],
    ["client's address", "a scan from 2001:db8::7"],
    ["client's address", '{"ip":"::1"}'],
    ["client's address", '{"ip":"::ffff:127.0.0.1"}'],
    ["client's address", "from 2001:0db8:0000:0000:0000:0000:0000:0007"],
    ["user agent", "by Mozilla/5.0 (iPhone)"],
    ["Redis command", "EVALSHA 1 qr-service:link:qr_abc"],
    ["Redis command", 'WRONGTYPE x, command was: ["GET","x"]'],
    ["Redis command", JSON.stringify({ reason: JSON.stringify({ visitor: "x" }) })],
    ["database value", 'invalid input syntax for type integer: "abc"'],
    ["database value", JSON.stringify({ message: 'invalid input value for enum status: "abc"' })],
    ["database value", JSON.stringify({ message: 'value "99999999999" is out of range for type integer' })],
    ["database value", "Key (qr_id)=(abc) already exists."],
  ])("finds a %s in %s", (kind, line) => {
    expect(findSecrets(line)).toContain(kind);
  });

  it("finds what is known to be secret in this run, whatever it looks like", () => {
    expect(findSecrets("the key is hunter2", ["hunter2"])).toEqual(["known secret"]);
    expect(findSecrets("the key is another one", ["hunter2"])).toEqual([]);
  });

  it.each([
    "connect ECONNREFUSED 127.0.0.1:5432",
    "connect ECONNREFUSED ::1:5432",
    "connect ECONNREFUSED 10.0.3.17:9092",
    "connect ETIMEDOUT 10.0.3.17",
    '{"timestamp":"2026-11-22T23:18:15.123Z","service":"qr-service","level":"WARN"}',
    "REDIS_URL must be a URL, redis://… or rediss://…",
    "a bearer token is required",
    `there is no key ${newKey().keyId}`,
    "a key looks like qrs_…_…",
    "SELECT $4::uuid, '{}'::jsonb, now()::date",
    "    at read (file:///srv/data/postgres/postgres.ts:88:41)",
    'duplicate key value violates unique constraint "qr_codes_pkey"',
    'invalid input syntax for type integer: "…"',
    "QR service: http://localhost:3002/qr",
    "npm start 1.2.3-rc.4 and 24.21.0",
  ])("lets pass: %s", (line) => {
    expect(findSecrets(line, ["hunter2"])).toEqual([]);
  });

  it("reads every line and every known secret that was collected, and names the lines that leak", () => {
    expect(checkLogs(folder)).toEqual({ lines: 0, leaks: [] });
    const collector = logCollector(folder);
    collector.addSecret("hunter2");
    const lines = ["redis answers again", "the password is hunter2", `a token: ${JWT}`];
    for (const line of lines) collector.add({ suite: "a.test.ts", line });
    expect(checkLogs(folder)).toEqual({
      lines: 3,
      leaks: [
        { suite: "a.test.ts", line: lines[1], kinds: ["known secret"] },
        { suite: "a.test.ts", line: lines[2], kinds: ["token"] },
      ],
    });
  });
});

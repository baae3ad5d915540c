import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { freePort } from "../../bin/local/free-port.ts";
import { type RedisServer, startRedisServer } from "../../bin/local/redis-server.ts";
import { RedisFailure, type RedisPort } from "../../data/redis/port.ts";
import { respRedis } from "../../data/redis/resp.ts";
import { selfSigned } from "../support/lambda/certificate.ts";
import { luaScript } from "../support/lua-script.ts";
import { lacks } from "../support/requirements.ts";

/** Far above what a busy machine takes. */
const TIMEOUT_MS = 10_000;

/** Each character that a URL has to escape stands in one of them. */
const USER = "us:er@/ü";
const PASSWORD = "p@ss:word/#?% é";

describe.skipIf(await lacks("redis-server"))("signing in to a Redis", () => {
  let server: RedisServer;
  let securePort: number;
  const folder = mkdtempSync(join(tmpdir(), "redis-sign-in-"));
  const opened: RedisPort[] = [];
  const trusted = getCACertificates("default");
  let authority: string;

  beforeAll(async () => {
    const { cert, key } = selfSigned();
    authority = cert;
    const [certFile, keyFile] = [join(folder, "cert.pem"), join(folder, "key.pem")];
    writeFileSync(certFile, cert);
    writeFileSync(keyFile, key);
    setDefaultCACertificates([...trusted, cert]);
    securePort = await freePort();
    server = await startRedisServer({
      args: [
        ...["--tls-port", String(securePort), "--tls-cert-file", certFile, "--tls-key-file", keyFile],
        ...["--tls-auth-clients", "no"],
      ],
    });
    const admin = open(server.url);
    await admin.command("ACL", "SETUSER", USER, "on", `>${PASSWORD}`, "~*", "+@all");
    await admin.command("ACL", "SETUSER", "default", "resetpass", `>${PASSWORD}`);
  });
  afterEach(() => Promise.all(opened.splice(0).map((redis) => redis.close())));
  afterAll(async () => {
    setDefaultCACertificates(trusted);
    await server?.stop();
    rmSync(folder, { recursive: true });
  });

  function open(url: string): RedisPort {
    const redis = respRedis(url, TIMEOUT_MS);
    opened.push(redis);
    return redis;
  }

  const [user, password] = [encodeURIComponent(USER), encodeURIComponent(PASSWORD)];
  const urls = () => ({
    "by a password": `redis://:${password}@127.0.0.1:${server.port}`,
    "by a user and a password": `redis://${user}:${password}@127.0.0.1:${server.port}`,
    "over TLS": `rediss://${user}:${password}@localhost:${securePort}`,
  });

  it.each(["by a password", "by a user and a password", "over TLS"] as const)(
    "works %s, and as often as the connection breaks",
    async (how) => {
      const redis = open(urls()[how]);
      const name = how === "by a password" ? "default" : USER;
      expect(await redis.command("ACL", "WHOAMI")).toBe(name);
      expect(await redis.script(luaScript("two", "return {KEYS[1], ARGV[1]}"), ["k"], ["ü"])).toEqual([
        "k",
        "ü",
      ]);
      const admin = open(urls()["by a password"]);
      await admin.command("CLIENT", "KILL", "USER", name, "SKIPME", "yes");
      await expect.poll(() => redis.command("ACL", "WHOAMI").catch(() => undefined)).toBe(name);
    },
  );

  it("selects the database before anything else is done", async () => {
    const base = urls()["by a user and a password"];
    await Promise.all([
      open(`${base}/0`).command("SET", "where", "0"),
      open(`${base}/7`).command("SET", "where", "7"),
    ]);
    expect(await open(base).command("GET", "where")).toBe("0");
    expect(await open(`${base}/7`).command("GET", "where")).toBe("7");
  });

  it("reads and writes more than a packet, in any text", async () => {
    for (const url of Object.values(urls())) {
      const redis = open(url);
      const text = "aé🎈\r\n".repeat(100_000);
      await redis.command("SET", "large", text);
      expect((await redis.command("GET", "large")) === text).toBe(true);
    }
  });

  const failureOf = (url: string) =>
    open(url)
      .command("SET", "refused", "1")
      .then(
        () => expect.unreachable("it was let in"),
        (error: RedisFailure) => error,
      );

  it.each<[what: string, url: () => string, message: string | RegExp]>([
    ["a wrong password", () => `redis://:wrong@127.0.0.1:${server.port}`, "redis refused: WRONGPASS"],
    [
      "an unknown user",
      () => `redis://nobody:${password}@127.0.0.1:${server.port}`,
      "redis refused: WRONGPASS",
    ],
    ["no password", () => server.url, "redis refused: NOAUTH"],
    ["a database that there is not", () => `${urls()["by a password"]}/99`, "redis refused: ERR"],
    [
      "a certificate for another name",
      () => `rediss://:${password}@0.0.0.0:${securePort}`,
      "redis down: ERR_TLS_CERT_ALTNAME_INVALID",
    ],
    ["plain text where TLS is spoken", () => `redis://:${password}@127.0.0.1:${securePort}`, /^redis down: /],
  ])("with %s is a failure that says so, and nothing is done", async (_what, url, message) => {
    const failure = await failureOf(url());
    expect(failure).toBeInstanceOf(RedisFailure);
    expect(failure.message).toMatch(message);
    const admin = open(urls()["by a password"]);
    expect(await admin.command("EXISTS", "refused")).toBe(0);
  });

  it("without the authority of its certificate is down", async () => {
    setDefaultCACertificates([]);
    try {
      const failure = await failureOf(urls()["over TLS"]);
      expect(failure.message).toMatch(/^redis down: (DEPTH_ZERO_)?SELF_SIGNED_CERT/);
    } finally {
      setDefaultCACertificates([...trusted, authority]);
    }
  });
});

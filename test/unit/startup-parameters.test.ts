import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { postgresDb } from "../../data/postgres/postgres.ts";

/**
 * The parameters of the first message that a client sends
 * (https://www.postgresql.org/docs/current/protocol-message-formats.html, StartupMessage).
 */
function parametersOf(message: Buffer): Record<string, string> {
  const words = message.subarray(8).toString("latin1").split("\0");
  const names = words.filter((_, index) => index % 2 === 0).slice(0, -1);
  return Object.fromEntries(names.map((name, index) => [name, words[2 * index + 1] ?? ""]));
}

describe("a session with Postgres", () => {
  const messages: Buffer[] = [];
  const server = createServer((client) => {
    client.on("error", () => {});
    client.once("data", (message) => {
      messages.push(message);
      client.destroy();
    });
  });

  beforeAll(async () => {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  afterAll(() => server.close());

  /** What a session sets when it begins, besides who it is and how it writes text. */
  async function settings(plainSession?: true): Promise<Record<string, string>> {
    const { port } = server.address() as AddressInfo;
    const connection = {
      host: "127.0.0.1",
      port,
      user: "qr",
      database: "qr",
      ...(plainSession ? { plainSession } : {}),
    };
    const db = postgresDb(connection, { poolSize: 1, timeoutMs: 3_000 });
    await expect(db.write("SELECT 1", [])).rejects.toThrow();
    await db.close();
    const { user, database, client_encoding, ...others } = parametersOf(messages.at(-1) ?? Buffer.alloc(0));
    expect({ user, database, client_encoding }).toEqual({
      user: "qr",
      database: "qr",
      client_encoding: "UTF8",
    });
    return others;
  }

  it("has the server bound its statements and its silence", async () => {
    expect(await settings()).toEqual({
      statement_timeout: "3000",
      idle_in_transaction_session_timeout: "3000",
    });
  });

  it("behind a proxy that takes no settings sets none", async () => {
    expect(await settings(true)).toEqual({});
  });
});

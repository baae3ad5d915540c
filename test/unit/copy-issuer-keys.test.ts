import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { createHandler } from "../../functions/copy-issuer-keys/handler.ts";
import { KEPT_MS, mergeKeys } from "../../functions/copy-issuer-keys/merge-keys.ts";
import { s3Copy } from "../../functions/copy-issuer-keys/s3-copy.ts";
import { signRequest } from "../../functions/copy-issuer-keys/sign-request.ts";

const key = (kid: string) => ({ kid, kty: "RSA" });

describe("the copy of the issuer's keys", () => {
  it("holds the issuer's, and those that it has withdrawn while a token of theirs may live", () => {
    const first = mergeKeys({ keys: [key("a"), key("b")] }, undefined, 1_000);
    expect(first).toEqual({ keys: [key("a"), key("b")] });
    const second = mergeKeys({ keys: [key("b"), key("c")] }, first, 2_000);
    expect(second.keys.map(({ kid }) => kid)).toEqual(["b", "c", "a"]);
    expect(mergeKeys({ keys: [key("c")] }, second, 1_999 + KEPT_MS).keys.map(({ kid }) => kid)).toEqual([
      "c",
      "b",
      "a",
    ]);
    expect(mergeKeys({ keys: [key("c")] }, second, 2_000 + KEPT_MS).keys.map(({ kid }) => kid)).toEqual([
      "c",
      "b",
    ]);
  });

  it("takes a key back that its issuer has taken back", () => {
    const withdrawn = mergeKeys({ keys: [] }, { keys: [key("a")] }, 1_000);
    expect(mergeKeys({ keys: [key("a")] }, withdrawn, 2_000)).toEqual({ keys: [key("a")] });
  });

  it.each([null, {}, { keys: {} }, "x"])("is not replaced by %j", (current) => {
    expect(() => mergeKeys(current, { keys: [key("a")] }, 0)).toThrow("no JSON Web Key Set");
  });

  it("is written only where something has changed, and stays where the issuer is away", async () => {
    const writes: unknown[] = [];
    let stored: unknown;
    const copy = {
      read: async () => stored,
      write: async (jwks: unknown) => {
        stored = JSON.parse(JSON.stringify(jwks));
        writes.push(stored);
      },
    };
    const run = createHandler(async () => ({ jwks: { keys: [key("a")] } }), copy);
    expect(await run()).toEqual({ keys: 1, written: true });
    expect(await run()).toEqual({ keys: 1, written: false });
    await expect(createHandler(() => Promise.reject(new Error("away")), copy)()).rejects.toThrow("away");
    expect(writes).toEqual([{ keys: [key("a")] }]);
  });
});

describe("a request to S3", () => {
  it("is signed as AWS's own example of a PUT", () => {
    // https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html, "PUT Object"
    const url = new URL("https://examplebucket.s3.amazonaws.com/test%24file.text");
    const headers = { date: "Fri, 24 May 2013 00:00:00 GMT", "x-amz-storage-class": "REDUCED_REDUNDANCY" };
    const credentials = {
      accessKeyId: "AKIAIOSFODNN7EXAMPLE",
      secretAccessKey: ["wJalrXUtnFEMI", "K7MDENG", "bPxRfiCYEXAMPLEKEY"].join("/"),
    };
    const request = { method: "PUT", url, headers, body: "Welcome to Amazon S3." };
    const { authorization } = signRequest(
      request,
      credentials,
      "us-east-1",
      Date.parse("2013-05-24T00:00:00Z"),
    );
    expect(authorization).toMatch(
      /Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd$/,
    );
  });
});

describe("the object of S3", () => {
  let stop: (() => void) | undefined;
  afterEach(() => stop?.());

  /** A server in the place of S3 that answers so. */
  async function s3(status: number, body = "") {
    const requests: { method: string | undefined; headers: IncomingMessage["headers"]; body: string }[] = [];
    const server = createServer(async (request, response) => {
      let sent = "";
      for await (const chunk of request) sent += chunk;
      requests.push({ method: request.method, headers: request.headers, body: sent });
      response.writeHead(status).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    stop = () => server.close();
    const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/keys.json`);
    const credentials = { accessKeyId: "id", secretAccessKey: "secret", sessionToken: "session" };
    return { requests, copy: s3Copy(url, "eu-west-1", credentials) };
  }

  it("is read and written by signed requests, and may be cached for five minutes", async () => {
    const { requests, copy } = await s3(200, '{"keys":[]}');
    expect(await copy.read()).toEqual({ keys: [] });
    await copy.write({ keys: [key("a")] });
    expect(requests).toMatchObject([
      { method: "GET", headers: { "x-amz-security-token": "session" } },
      {
        method: "PUT",
        headers: { "cache-control": "max-age=300" },
        body: JSON.stringify({ keys: [key("a")] }),
      },
    ]);
    for (const { headers } of requests)
      expect(headers.authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=id\//);
  });

  it("that is not there yet is none; any other refusal is an error", async () => {
    expect(await (await s3(404)).copy.read()).toBeUndefined();
    stop?.();
    const { copy } = await s3(403);
    await expect(copy.read()).rejects.toThrow("status 403");
    await expect(copy.write({})).rejects.toThrow("status 403");
  });
});

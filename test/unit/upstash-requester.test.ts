import { describe, expect, it } from "vitest";
import type { HttpAnswer } from "../../data/redis/http-post.ts";
import { NotJson, upstashRequester } from "../../data/redis/upstash-requester.ts";

/** A requester over answers that are given in turn, and what it posts. */
function answering(...answers: Partial<HttpAnswer>[]) {
  const posted: { body: string; headers: Record<string, string> }[] = [];
  const requester = upstashRequester(
    {
      async post(body, headers) {
        const pairs = headers.flatMap((name, at) => (at % 2 === 0 ? [[name, headers[at + 1] ?? ""]] : []));
        posted.push({ body, headers: Object.fromEntries(pairs) });
        return { status: 200, headers: {}, text: '{"result":null}', ...answers.shift() };
      },
      close() {},
    },
    "the-token",
  );
  return { ask: () => requester.request({ body: ["GET", "k"] }), posted };
}

const base64 = (text: string | Buffer) => Buffer.from(text).toString("base64");
const result = (value: unknown) => ({ text: JSON.stringify({ result: value }) });

describe("a command", () => {
  it("is sent as a JSON array, with the token and without telemetry", async () => {
    const { ask, posted } = answering({});
    await ask();
    expect(posted).toEqual([
      {
        body: '["GET","k"]',
        headers: {
          "content-type": "application/json",
          authorization: "Bearer the-token",
          "upstash-encoding": "base64",
          "upstash-sync-token": "",
        },
      },
    ]);
  });

  it("names the last write that this client has seen, so that no replica behind it answers", async () => {
    const seen = (token: string) => ({ headers: { "upstash-sync-token": token } });
    const { ask, posted } = answering(
      seen("first"),
      seen("second"),
      { status: 400, text: '{"error":"ERR"}' },
      {},
      {},
    );
    for (let call = 0; call < 6; call++) await ask();
    expect(posted.map(({ headers }) => headers["upstash-sync-token"])).toEqual([
      "",
      "first",
      "second",
      "second",
      "",
      "",
    ]);
  });
});

describe("a reply", () => {
  it.each<[unknown, unknown]>([
    [base64("plain"), "plain"],
    [base64("ü🎈"), "ü🎈"],
    [base64(""), ""],
    [base64("42"), "42"],
    [base64(Buffer.from([0x61, 0xff])), "a\ufffd"],
    ["OK", "OK"],
    [7, 7],
    [null, null],
    [
      [base64("a"), null, 3, [base64("b"), "OK"]],
      ["a", null, 3, ["b", "OK"]],
    ],
    ["{not encoded}", "{not encoded}"],
    [{ an: "object" }, null],
    [true, null],
  ])("%j is read as %j", async (sent, read) => {
    expect(await answering(result(sent)).ask()).toEqual({ result: read });
  });

  it.each(["{}", "null", "7", '[{"result":1}]'])("%s has no result", async (text) => {
    expect((await answering({ text }).ask()).result).toBeUndefined();
  });

  it.each([200, 400, 503])("(an error with status %i) is an error", async (status) => {
    const answer = { status, text: '{"error":"OOM of some kind"}' };
    expect(await answering(answer).ask()).toMatchObject({ error: "OOM of some kind" });
  });

  it.each([200, 502])("that is not JSON says so, and nothing of what it is (%i)", async (status) => {
    const { ask } = answering({ status, text: "<html>SECRET</html>" });
    await expect(ask()).rejects.toThrow(new NotJson("the answer is not JSON"));
  });
});

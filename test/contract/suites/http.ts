import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { QrCode } from "../../../core/code/qr-code.ts";
import { routes } from "../../../functions/manifest.ts";
import type { StartStack, TestStack } from "../../support/test-stack.ts";

/** Differs from one reply to the next, tells of a body, or belongs to the connection, which `fetch` ends after HEAD. */
const INCOMPARABLE = ["date", "x-request-id", "content-length", "connection", "keep-alive"];

/** What HTTP itself promises a client, whatever the route, through any stack. */
export function httpSuite(start: StartStack): void {
  let stack: TestStack;
  let qrId: string;
  beforeAll(async () => {
    stack = await start();
    const reply = await stack.call("/generate", {
      method: "POST",
      json: { targetUrl: "https://example.com/menu" },
    });
    qrId = ((await reply.json()) as QrCode).qrId;
  });
  afterAll(() => stack.close());

  const pathOf = (path: string) => path.replace("{qrId}", qrId);

  /** Headers that two replies to the same request share. */
  function comparable(reply: Response): Record<string, string> {
    const headers = [...reply.headers].filter(([name]) => !INCOMPARABLE.includes(name));
    return Object.fromEntries(headers);
  }

  describe("HEAD", () => {
    const readable = routes.filter(({ methods }) => methods.includes("GET")).map(({ path }) => path);

    it.each([...readable, "/qr/{qrId}?format=png", "/qr/{qrId}/stats?days=0", "/qr/unknown-code"])(
      "%s answers as GET does, without a body",
      async (path) => {
        const got = await stack.call(pathOf(path));
        const head = await stack.call(pathOf(path), { method: "HEAD" });
        expect([head.status, comparable(head)]).toEqual([got.status, comparable(got)]);
        expect(await head.text()).toBe("");
        expect(head.headers.get("x-request-id")).toMatch(/.+/);
      },
    );

    it("needs the token that GET needs", async () => {
      expect((await stack.call("/qr", { method: "HEAD", tenant: null })).status).toBe(401);
    });
  });
}

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { QrCode } from "../../../core/code/qr-code.ts";
import type { StartStack, TestStack } from "../../support/test-stack.ts";
import { PHONE } from "../../support/user-agents.ts";

/** Entity tags and the conditions on them, through any stack. */
export function conditionalSuite(start: StartStack): void {
  let stack: TestStack;
  beforeAll(async () => {
    stack = await start();
  });
  afterAll(() => stack.close());

  type Headers = Record<string, string>;
  const send = (method: string, path: string, headers: Headers = {}, json?: unknown, tenant = "tenant_a") =>
    stack.call(path, { method, tenant, headers, ...(json === undefined ? {} : { json }) });
  const tagOf = (reply: Response) => reply.headers.get("etag") ?? expect.unreachable("no ETag");
  const create = async (fields: Record<string, unknown> = {}, tenant = "tenant_a") => {
    const json = { targetUrl: "https://example.com/menu", ...fields };
    const reply = await send("POST", "/generate", {}, json, tenant);
    return { qrId: ((await reply.json()) as QrCode).qrId, etag: tagOf(reply) };
  };
  const patch = (qrId: string, name: string, ifMatch?: string) =>
    send("PATCH", `/qr/${qrId}`, ifMatch === undefined ? {} : { "if-match": ifMatch }, { name });
  const scan = async (qrId: string) => {
    const reply = await stack.call(`/scan/${qrId}`, { tenant: null, headers: { "user-agent": PHONE } });
    expect(reply.status).toBe(302);
  };

  /** Of a reply that nothing compresses. */
  const PLAIN = { "accept-encoding": "identity" };

  describe("every reply that shows one code", () => {
    it("carries its tag: the same for the same code, whoever shows it, cached or not", async () => {
      const reply = await send("POST", "/generate", PLAIN, { targetUrl: "https://example.com" });
      const { qrId } = (await reply.json()) as QrCode;
      const tags = [tagOf(reply)];
      for (let round = 0; round < 2; round++) tags.push(tagOf(await send("GET", `/qr/${qrId}`)));
      tags.push(tagOf(await send("HEAD", `/qr/${qrId}`)));
      expect(new Set(tags).size).toBe(1);
      expect(tags[0]).toMatch(/^"1\.0-open-[\w-]{4}"$/);
      const patched = tagOf(await patch(qrId, "x"));
      expect(patched).toMatch(/^"2\./);
      expect(tagOf(await send("GET", `/qr/${qrId}`))).toBe(patched);
      await send("DELETE", `/qr/${qrId}`);
      const restored = tagOf(await send("POST", `/qr/${qrId}/restore`));
      expect(restored).toMatch(/^"4\./);
      expect(tagOf(await send("GET", `/qr/${qrId}`))).toBe(restored);
    });

    it("has a tag of its own when compressed, which stands for the same version", async () => {
      const { qrId } = await create({ fallbackUrl: `https://example.com/${"x".repeat(1_500)}` });
      const plain = await send("GET", `/qr/${qrId}`, PLAIN);
      const gzip = await send("GET", `/qr/${qrId}`, { "accept-encoding": "gzip" });
      expect(gzip.headers.get("content-encoding")).toBe("gzip");
      expect(tagOf(gzip)).toBe(tagOf(plain).replace(/"$/, '-gzip"'));
      for (const known of [tagOf(gzip), tagOf(plain)])
        expect((await send("GET", `/qr/${qrId}`, { "if-none-match": known })).status).toBe(304);
      expect((await patch(qrId, "x", tagOf(gzip))).status).toBe(200);
    });
  });

  describe("If-None-Match", () => {
    it("answers 304 to whoever has the code as it is, and never hides a scan or a change", async () => {
      const { qrId } = await create();
      const ask = (method: string, known: string) => send(method, `/qr/${qrId}`, { "if-none-match": known });
      let etag = tagOf(await send("GET", `/qr/${qrId}`));
      for (const method of ["GET", "HEAD"]) {
        for (const known of [etag, `W/${etag}`, `"other", ${etag}`, "*"]) {
          const reply = await ask(method, known);
          expect([known, reply.status, await reply.text(), tagOf(reply)]).toEqual([known, 304, "", etag]);
        }
      }
      for (const change of [() => scan(qrId), () => patch(qrId, "new")]) {
        await change();
        const reply = await ask("GET", etag);
        expect(reply.status).toBe(200);
        expect(tagOf(reply)).not.toBe(etag);
        etag = tagOf(reply);
        expect((await ask("GET", etag)).status).toBe(304);
      }
    });

    it("notices that the clock or the last scan has changed what a scan would meet", async () => {
      const { qrId } = await create({ maxScans: 1 });
      await send("PATCH", `/qr/${qrId}`, {}, { expiresAt: new Date(Date.now() + 3_600_000).toISOString() });
      const open = tagOf(await send("GET", `/qr/${qrId}`));
      await scan(qrId);
      const exhausted = await send("GET", `/qr/${qrId}`, { "if-none-match": open });
      expect([exhausted.status, await exhausted.json()]).toMatchObject([200, { state: "exhausted" }]);
    });

    it("of a picture's tag is none of the code's", async () => {
      const { qrId } = await create();
      const picture = tagOf(await send("GET", `/qr/${qrId}?format=svg`));
      expect((await send("GET", `/qr/${qrId}`, { "if-none-match": picture })).status).toBe(200);
    });

    it("is 404 for a code that is not there", async () => {
      const { qrId, etag } = await create();
      await send("DELETE", `/qr/${qrId}`);
      for (const known of ["*", etag])
        expect((await send("GET", `/qr/${qrId}`, { "if-none-match": known })).status).toBe(404);
    });

    it("spares a dashboard the list that it has, and shows it each scan, change, deletion and new code", async () => {
      const tenant = "tenant_l";
      const { qrId } = await create({}, tenant);
      const ask = (known?: string) =>
        send("GET", "/qr", known === undefined ? {} : { "if-none-match": known }, undefined, tenant);
      let etag = tagOf(await ask());
      expect(tagOf(await ask())).toBe(etag);
      const changes: (() => Promise<unknown>)[] = [
        () => scan(qrId),
        () => send("PATCH", `/qr/${qrId}`, {}, { name: "new" }, tenant),
        () => create({}, tenant),
        () => send("DELETE", `/qr/${qrId}`, {}, undefined, tenant),
        () => send("POST", `/qr/${qrId}/restore`, {}, undefined, tenant),
      ];
      for (const change of changes) {
        const known = await ask(etag);
        expect([known.status, await known.text(), tagOf(known)]).toEqual([304, "", etag]);
        await change();
        const reply = await ask(etag);
        expect(reply.status).toBe(200);
        expect(tagOf(reply)).not.toBe(etag);
        etag = tagOf(reply);
      }
      const head = await send("HEAD", "/qr", { "if-none-match": etag }, undefined, tenant);
      expect([head.status, tagOf(head)]).toEqual([304, etag]);
    });
  });

  describe("If-Match", () => {
    it("lets a change through that is made to what its caller has seen, whatever was scanned since", async () => {
      const { qrId, etag } = await create();
      await scan(qrId);
      const changed = await patch(qrId, "mine", etag);
      expect([changed.status, await changed.json()]).toMatchObject([
        200,
        { name: "mine", scans: 1, version: 2 },
      ]);
      expect((await patch(qrId, "again", `"other", ${tagOf(changed)}`)).status).toBe(200);
    });

    it("answers 412 with the code as it is if somebody was faster, and changes nothing", async () => {
      const { qrId, etag } = await create();
      const winner = await patch(qrId, "theirs", etag);
      await scan(qrId);
      for (const [method, json] of [
        ["PATCH", { name: "mine" }],
        ["DELETE", undefined],
      ] as const) {
        const lost = await send(method, `/qr/${qrId}`, { "if-match": etag }, json);
        expect(lost.status).toBe(412);
        expect(lost.headers.get("content-type")).toBe("application/problem+json");
        const code = { ...((await winner.clone().json()) as QrCode), scans: 1 };
        expect(await lost.json()).toEqual({
          type: "urn:problem:qr-service:precondition-failed",
          title: "Precondition failed",
          status: 412,
          detail: expect.stringContaining("version is 2"),
          requestId: lost.headers.get("x-request-id"),
          current: code,
        });
        expect(tagOf(lost)).toBe(tagOf(await send("GET", `/qr/${qrId}`)));
      }
      expect(await (await send("GET", `/qr/${qrId}`)).json()).toMatchObject({ name: "theirs", version: 2 });
    });

    it("lets one of several that have seen the same win", async () => {
      const { qrId, etag } = await create();
      const replies = await Promise.all(Array.from({ length: 6 }, (_, each) => patch(qrId, `${each}`, etag)));
      expect(replies.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412, 412, 412]);
      const winner = replies.find(({ status }) => status === 200);
      expect(await (await send("GET", `/qr/${qrId}`)).json()).toMatchObject({
        ...((await winner?.json()) as QrCode),
      });
    });

    it("guards a deletion and a restoration", async () => {
      const { qrId, etag } = await create();
      expect((await send("DELETE", `/qr/${qrId}`, { "if-match": etag })).status).toBe(204);
      const stale = await send("POST", `/qr/${qrId}/restore`, { "if-match": etag });
      expect([stale.status, await stale.json()]).toMatchObject([
        412,
        { current: { qrId, version: 2, deletedAt: expect.stringMatching(/Z$/) } },
      ]);
      expect((await send("POST", `/qr/${qrId}/restore`, { "if-match": tagOf(stale) })).status).toBe(200);
    });

    it.each([undefined, "*"])("of %s lets the last change win", async (ifMatch) => {
      const { qrId } = await create();
      await patch(qrId, "theirs");
      expect((await patch(qrId, "mine", ifMatch)).status).toBe(200);
    });

    it("of a weak tag, or of one that is none of a code, matches nothing", async () => {
      const { qrId, etag } = await create();
      for (const named of [
        `W/${etag}`,
        '""',
        '"x"',
        '"1"',
        '"01.0-open"',
        '"99999999999.0-open"',
        '"2.0-open"',
      ])
        expect([named, (await patch(qrId, "x", named)).status]).toEqual([named, 412]);
    });

    it.each(["", "1.0-open", '"1.0-open', '1"', "w/*", '"a" "b"', "*, *", ", ,", 'W/ "1.0-open"'])(
      "of %j is malformed",
      async (ifMatch) => {
        const { qrId } = await create();
        // `fetch` leaves out a header that is empty.
        const named = ifMatch === "" ? "," : ifMatch;
        const reply = await patch(qrId, "x", named);
        expect(reply.status).toBe(400);
        expect(await reply.json()).toMatchObject({ errors: [{ path: "If-Match" }] });
      },
    );

    it("is not looked at where there is nothing to change", async () => {
      expect((await patch("never-was", "x", '"1.0-open"')).status).toBe(404);
      const { qrId } = await create();
      expect((await send("POST", `/qr/${qrId}/restore`, { "if-match": '"9.0-open"' })).status).toBe(409);
    });
  });
}

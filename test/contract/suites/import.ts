import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { QrCode } from "../../../core/code/qr-code.ts";
import { maintainHistory } from "../../../data/postgres/partitions.ts";
import { createHandler as createBulkHandler } from "../../../functions/bulk/endpoint.ts";
import type { HttpHandler } from "../../../functions/http/endpoint.ts";
import { createHandler } from "../../../functions/import/endpoint.ts";
import type { ImportReport } from "../../../functions/import/schema.ts";
import type { StartStack, TestStack } from "../../support/test-stack.ts";

const URL_OK = "https://example.com/menu";

/** `POST /import`, through any stack. */
export function importSuite(start: StartStack): void {
  let stack: TestStack;
  beforeAll(async () => {
    stack = await start();
    await maintainHistory(stack.services.db, Date.now(), 25);
  });
  afterAll(() => stack.close());

  /** Puts another handler in the place of one of the stack's, for one test. */
  function answeredBy(handler: HttpHandler, name: "import" | "bulk" = "import"): void {
    const { handlers } = stack;
    const own = handlers[name];
    handlers[name] = handler;
    onTestFinished(() => {
      handlers[name] = own;
    });
  }

  interface Sent {
    tenant?: string;
    query?: string;
    key?: string;
    /** CSV, where JSON is not what is sent. */
    csv?: string;
  }

  const post = (codes: unknown, { tenant = "tenant_a", query = "", key, csv }: Sent = {}) =>
    stack.call(`/import${query}`, {
      method: "POST",
      tenant,
      ...(csv === undefined ? { json: { codes } } : { body: csv }),
      headers: {
        ...(csv === undefined ? {} : { "content-type": "text/csv; charset=utf-8" }),
        ...(key === undefined ? {} : { "idempotency-key": key }),
      },
    });
  const imported = async (codes: unknown, sent: Sent = {}): Promise<ImportReport> => {
    const reply = await post(codes, sent);
    expect([reply.status, reply.headers.get("content-type")]).toEqual([200, "application/json"]);
    return (await reply.json()) as ImportReport;
  };
  type Refusal = Pick<ImportReport, "failed" | "failures"> & { detail: string };
  const refused = async (codes: unknown, sent: Sent = {}, status = 400): Promise<Refusal> => {
    const reply = await post(codes, sent);
    expect([reply.status, reply.headers.get("content-type")]).toEqual([status, "application/problem+json"]);
    return (await reply.json()) as Refusal;
  };
  const get = async (qrId: string, tenant = "tenant_a") => {
    const reply = await stack.call(`/qr/${qrId}`, { tenant });
    return { status: reply.status, code: (await reply.json()) as QrCode };
  };
  const count = async (tenant: string) => {
    const [row] = await stack.database.sql<{ count: number }>(
      "SELECT count(*)::int FROM qr_codes WHERE tenant_id = $1",
      [tenant],
    );
    return row?.count;
  };

  describe("creates", () => {
    it("codes as generate would, with their IDs in order", async () => {
      const report = await imported([
        { qrId: "made-b", targetUrl: URL_OK, name: "  Käse ", tags: ["a", "b"], status: "paused" },
        { targetUrl: URL_OK },
        { qrId: "made-a", targetUrl: URL_OK, maxScans: 3, startsAt: "2030-01-01T02:00:00+02:00", name: null },
      ]);
      expect(report).toMatchObject({ dryRun: false, rows: 3, created: 3, failed: 0, failures: [] });
      expect(report.codes.map(({ line, result }) => [line, result])).toEqual([
        [1, "created"],
        [2, "created"],
        [3, "created"],
      ]);
      const [first, second, third] = report.codes.map(({ qrId }) => qrId);
      expect([first, third]).toEqual(["made-b", "made-a"]);
      expect(second).toMatch(/^qr_[1-9A-HJ-NP-Za-km-z]{12}$/);
      const { code } = await get("made-b");
      expect(code).toMatchObject({ name: "Käse", tags: ["a", "b"], status: "paused", version: 1 });
      expect((await get("made-a")).code).toMatchObject({
        name: null,
        maxScans: 3,
        startsAt: "2030-01-01T00:00:00.000Z",
      });
    });

    it("each with its event and its history", async () => {
      await imported([{ qrId: "noted-1", targetUrl: URL_OK }]);
      await imported([{ qrId: "noted-1", name: "New" }], { query: "?onConflict=update" });
      const history = await (await stack.call("/qr/noted-1/history")).json();
      expect(history).toMatchObject({
        history: [
          { change: "imported", version: 2, changes: [{ field: "name", from: null, to: "New" }] },
          { change: "imported", version: 1 },
        ],
      });
      const events = await stack.database.sql(
        `SELECT type, payload, event_id IN (SELECT id FROM code_history) AS known FROM event_outbox
         WHERE qr_id = 'noted-1' ORDER BY event_id`,
      );
      const payload = { targetUrl: URL_OK, status: "active" };
      expect(events).toEqual([
        { type: "qr.created", payload, known: true },
        { type: "qr.updated", payload, known: true },
      ]);
    });

    it("nothing in a dry run, which says what would happen", async () => {
      const query = "?dryRun=true";
      const report = await imported([{ targetUrl: URL_OK }, { qrId: "dry", targetUrl: "ftp://x" }], {
        query,
        tenant: "tenant_dry",
      });
      expect(report).toMatchObject({ dryRun: true, created: 1, failed: 1 });
      expect(report.codes).toEqual([{ line: 1, qrId: null, result: "created" }]);
      expect(await count("tenant_dry")).toBe(0);
    });
  });

  describe("where rows fail", () => {
    const mixed = [
      { qrId: "mixed-1", targetUrl: URL_OK },
      { qrId: "mixed-2", targetUrl: "ftp://example.com", name: "" },
      { qrId: "mixed-1", targetUrl: URL_OK },
      { qrId: "mixed-3" },
      { qrId: "mixed-4", targetUrl: URL_OK, colour: "red" },
      { qrId: "m", targetUrl: URL_OK, startsAt: "2031-01-01T00:00:00Z", expiresAt: "2030-01-01T00:00:00Z" },
      "no object",
    ];
    const places = [
      [2, "targetUrl"],
      [2, "name"],
      [3, "qrId"],
      [4, "targetUrl"],
      [5, "colour"],
      [6, "qrId"],
      [6, "expiresAt"],
      [7, "row"],
    ];

    it("imports none and names each by its line and field", async () => {
      const { failed, failures, detail } = await refused(mixed, { tenant: "tenant_atomic" });
      expect(failed).toBe(6);
      expect(failures.map(({ line, path }) => [line, path])).toEqual(places);
      expect(failures[2]?.message).toBe("is also that of line 1");
      expect(detail).toMatch(/^6 of 7 rows failed, and nothing was changed; line 2, targetUrl: /);
      expect(await count("tenant_atomic")).toBe(0);
    });

    it("imports the others if it may", async () => {
      const report = await imported(mixed, { tenant: "tenant_partial", query: "?mode=partial" });
      expect(report).toMatchObject({ rows: 7, created: 1, failed: 6 });
      expect(report.failures.map(({ line, path }) => [line, path])).toEqual(places);
      expect(report.codes).toEqual([{ line: 1, qrId: "mixed-1", result: "created" }]);
    });

    it("names the first 1,000, and counts all", async () => {
      const rows = Array.from({ length: 1_200 }, () => ({ targetUrl: "x" }));
      const { failed, failures } = await refused(rows);
      expect([failed, failures.length, failures.at(-1)?.line]).toEqual([1_200, 1_000, 1_000]);
    });

    it.each([
      ["no list", { codes: "x" }, "codes"],
      ["an unknown member", { codes: [], more: 1 }, "more"],
      ["no row", { codes: [] }, "body"],
      ["too many rows", { codes: new Array(10_001).fill({ targetUrl: URL_OK }) }, "body"],
    ])("refuses %s", async (_what, json, path) => {
      const reply = await stack.call("/import", { method: "POST", json });
      expect(reply.status).toBe(400);
      expect(await reply.json()).toMatchObject({ errors: [{ path }] });
    });

    it("refuses another type, another query and more than 4 MiB", async () => {
      const send = (query: string, type: string, body: string) =>
        stack.call(`/import${query}`, { method: "POST", body, headers: { "content-type": type } });
      expect((await send("", "text/plain", "qrId")).status).toBe(415);
      expect((await send("?mode=some", "text/csv", "qrId")).status).toBe(400);
      expect((await send("?more=1", "text/csv", "qrId")).status).toBe(400);
      expect((await send("", "text/csv", "x".repeat(4 * 1024 * 1024 + 1))).status).toBe(413);
    });
  });

  describe("where IDs are there already", () => {
    const row = (qrId: string, more: object = {}) => ({ qrId, targetUrl: URL_OK, ...more });

    it("fails, skips or updates the tenant's own, and says what was as it should be", async () => {
      await imported([row("own-1", { name: "Old", tags: ["x"] }), row("own-2", { name: "Old" })]);
      const again = [row("own-1", { name: "New" }), row("own-2", { name: "Old" }), row("own-3")];
      const { failures } = await refused(again);
      expect(failures).toEqual([1, 2].map((line) => ({ line, path: "qrId", message: "is taken" })));
      expect(await imported(again, { query: "?onConflict=skip" })).toMatchObject({ skipped: 2, created: 1 });
      expect((await get("own-1")).code.name).toBe("Old");
      const report = await imported(again, { query: "?onConflict=update" });
      expect(report).toMatchObject({ updated: 1, unchanged: 2, created: 0 });
      const codes = await Promise.all(["own-1", "own-2", "own-3"].map((qrId) => get(qrId)));
      expect(codes.map(({ code }) => [code.name, code.version])).toEqual([
        ["New", 2],
        ["Old", 1],
        [null, 1],
      ]);
      expect(codes[0]?.code.tags).toEqual(["x"]);
    });

    it.each(["fail", "update", "skip"])(
      "never touches another tenant's (%s), nor tells it from a deleted one",
      async (onConflict) => {
        const [foreign, deleted] = [`foreign-${onConflict}`, `deleted-${onConflict}`];
        await imported([row(foreign, { name: "Theirs" })], { tenant: "tenant_b" });
        await imported([row(deleted)]);
        await stack.call(`/qr/${deleted}`, { method: "DELETE" });
        const report = await imported([row(foreign, { name: "Mine" }), row(deleted)], {
          query: `?mode=partial&onConflict=${onConflict}`,
        });
        expect(report.failures).toEqual([1, 2].map((line) => ({ line, path: "qrId", message: "is taken" })));
        expect((await get(foreign, "tenant_b")).code.name).toBe("Theirs");
        expect((await get(foreign)).status).toBe(404);
      },
    );

    it("shows the new values to every reader at once", async () => {
      await imported([row("seen-1"), row("seen-2")]);
      await Promise.all([
        get("seen-1"),
        stack.call("/qr"),
        stack.call("/scan/seen-1"),
        stack.call("/scan/fresh-1"),
      ]);
      await imported([row("seen-1", { targetUrl: "https://example.com/new" }), row("fresh-1")], {
        query: "?onConflict=update",
      });
      const location = async (qrId: string) => (await stack.call(`/scan/${qrId}`)).headers.get("location");
      expect([await location("seen-1"), await location("fresh-1")]).toEqual([
        "https://example.com/new",
        URL_OK,
      ]);
      expect((await get("seen-1")).code.targetUrl).toBe("https://example.com/new");
      const { qrCodes } = (await (await stack.call("/qr")).json()) as { qrCodes: QrCode[] };
      expect(qrCodes.map(({ qrId }) => qrId)).toContain("fresh-1");
      expect(await stack.database.sql("SELECT id FROM pending_invalidations")).toEqual([]);
    });

    it("never waits in a circle for another process's import of the same rows", async () => {
      // Within a process they run one after another.
      const { db, ...others } = stack.services;
      answeredBy((event, context) => createHandler({ ...others, db: { ...db } })(event, context));
      const qrIds = Array.from({ length: 300 }, (_, index) => `both-${index}`);
      await imported(qrIds.filter((_, index) => index % 3 === 0).map((qrId) => row(qrId)));
      const options = { query: "?mode=partial&onConflict=update" };
      const replies = await Promise.all(
        [qrIds, [...qrIds].reverse(), [...qrIds].reverse(), qrIds].map((ids, nth) =>
          post(
            ids.map((qrId) => row(qrId, { name: `By ${nth}` })),
            options,
          ),
        ),
      );
      // A deadlock would be a 500.
      expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
      const reports = (await Promise.all(replies.map((reply) => reply.json()))) as ImportReport[];
      expect(reports.reduce((sum, { created }) => sum + created, 0)).toBe(200);
    });

    it("leaves what other transactions may run at once to others, however many tenants import or change many", async () => {
      const { db } = stack.services;
      let [running, most] = [0, 0];
      const transaction: typeof db.transaction = async (work) => {
        running += 1;
        most = Math.max(most, running);
        try {
          return await db.transaction(work);
        } finally {
          running -= 1;
        }
      };
      const counted = { ...stack.services, db: { ...db, transaction } };
      answeredBy(createHandler(counted));
      answeredBy(createBulkHandler(counted), "bulk");
      const codes = Array.from({ length: 100 }, () => ({ targetUrl: URL_OK }));
      const changed = async (tenant: string) => {
        const json = { select: { filter: {} }, set: { status: "paused" } };
        expect((await stack.call("/bulk", { method: "POST", tenant, json })).status).toBe(200);
      };
      await Promise.all(
        ["tenant_one", "tenant_two", "tenant_three"].flatMap((tenant, nth) => [
          imported(codes, { tenant }),
          changed(`tenant_changing_${nth}`),
        ]),
      );
      expect(most).toBe(1);
    });
  });

  describe("with an Idempotency-Key", () => {
    it("does its work once, and says the same again", async () => {
      const rows = [{ targetUrl: URL_OK }, { qrId: "once", targetUrl: URL_OK }];
      const key = crypto.randomUUID();
      const sent = { tenant: "tenant_once", key };
      const [first, second] = [await post(rows, sent), await post(rows, sent)];
      expect([first.headers.get("idempotent-replayed"), second.headers.get("idempotent-replayed")]).toEqual([
        null,
        "true",
      ]);
      expect(await second.json()).toEqual(await first.json());
      expect(await count("tenant_once")).toBe(2);
      await refused([{ targetUrl: URL_OK }], sent, 409);
      await refused(rows, { ...sent, query: "?mode=partial" }, 409);
    });

    it("is free again after an import that failed", async () => {
      const sent = { tenant: "tenant_again", key: crypto.randomUUID() };
      await refused([{ targetUrl: "x" }], sent);
      expect(await imported([{ targetUrl: URL_OK }], sent)).toMatchObject({ created: 1 });
    });
  });

  describe("of CSV", () => {
    it("reads what a spreadsheet writes", async () => {
      const csv =
        '\ufeffQRID;Name;targetUrl;tags;maxScans;expiresAt\r\n"csv-1";"Zeile 1\u00a0""x""";https://example.com/a,b;"rot, blau";5;\r\n\r\ncsv-2;;https://example.com/;;;2030-01-01T00:00:00Z\r\n';
      const report = await imported(undefined, { csv });
      expect(report.codes).toEqual([
        { line: 2, qrId: "csv-1", result: "created" },
        { line: 4, qrId: "csv-2", result: "created" },
      ]);
      expect((await get("csv-1")).code).toMatchObject({
        name: 'Zeile 1\u00a0"x"',
        targetUrl: "https://example.com/a,b",
        tags: ["rot", "blau"],
        maxScans: 5,
        expiresAt: null,
      });
    });

    it("leaves out the lines of separators alone that a spreadsheet writes for empty ones", async () => {
      const csv = `qrId;targetUrl\r\n;\r\nblank-1;${URL_OK}\r\n;;;\r\nblank-2;x\r\n;\r\n`;
      const { failures } = await refused(undefined, { csv });
      expect(failures.map(({ line, path }) => [line, path])).toEqual([[5, "targetUrl"]]);
      expect(await imported(undefined, { csv: csv.replace("blank-2;x", `blank-2;${URL_OK}`) })).toMatchObject(
        {
          rows: 2,
          codes: [
            { line: 3, qrId: "blank-1" },
            { line: 5, qrId: "blank-2" },
          ],
        },
      );
    });

    it("names the line at which a row begins, though others span several", async () => {
      const csv =
        'targetUrl,name,maxScans,tags\nhttps://example.com/,"a\n\nb",,\nx,c,1.5,"[1]"\nhttps://example.com/,d,,,e\n';
      const { failures } = await refused(undefined, { csv });
      expect(failures.map(({ line, path }) => [line, path])).toEqual([
        [2, "name"],
        [5, "tags"],
        [6, "row"],
      ]);
    });

    it.each([
      ["a column that is no field", "targetUrl,colour\nx,y\n", "colour"],
      ["a column twice", "targetUrl,targeturl\nx,y\n", "targeturl"],
      ["an open quote", 'targetUrl\n"https://example.com/\n', "body"],
      ["a header alone", "targetUrl\n", "body"],
      ["a header and separators alone", "targetUrl,name\n,\n,\n", "body"],
      ["nothing", "", "body"],
    ])("refuses %s", async (_what, csv, path) => {
      const reply = await post(undefined, { csv });
      expect(reply.status).toBe(400);
      expect(await reply.json()).toMatchObject({ errors: [{ path }] });
    });

    it("takes an export as it is, and changes nothing", async () => {
      const tenant = "tenant_export";
      await imported(
        [
          {
            qrId: "=1+1".replace(/[=+]/g, "-"),
            targetUrl: URL_OK,
            name: "=cmd()",
            tags: ["a,b", "'+c"],
            status: "paused",
          },
          {
            qrId: "plain",
            targetUrl: URL_OK,
            expiresAt: "2030-01-01T00:00:00Z",
            maxScans: 1,
            fallbackUrl: URL_OK,
          },
        ],
        { tenant },
      );
      const csv = await (await stack.call("/export", { tenant })).text();
      const report = await imported(undefined, { tenant, csv, query: "?onConflict=update" });
      expect(report).toMatchObject({ rows: 2, unchanged: 2, updated: 0, created: 0, failed: 0 });
    });

    it("resets an option where its cell is empty, and leaves what has no column", async () => {
      await imported([{ qrId: "cells", targetUrl: URL_OK, name: "Name", tags: ["x"], maxScans: 2 }]);
      await imported(undefined, { csv: "qrId,name,targetUrl\ncells,,\n", query: "?onConflict=update" });
      expect((await get("cells")).code).toMatchObject({
        name: null,
        targetUrl: URL_OK,
        tags: ["x"],
        maxScans: 2,
      });
    });
  });
}

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ChangedProject, type ChangedService, changedProject } from "../support/changed-project.ts";
import { differences } from "../support/files-to-touch.ts";
import { lacks } from "../support/requirements.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";

const TABLE = "core/code/fields.ts";
const TEST = "test/contract/added-fields.test.ts";
const MIGRATION = "data/postgres/migrations/9001_added-fields.sql";

/** Fields as an author may add them: with and without a default other than "none". */
const ADDED = [
  {
    name: "utm",
    line: '  utm: { kind: "text", maxLength: 100, column: "utm_source", setBy: BY_CALLER, default: null },',
    column: "utm_source text",
    default: null,
    values: ["spring", "summer"],
    wrong: ["x".repeat(101), 7, ""],
  },
  {
    name: "landing",
    line: '  landing: { kind: "choice", of: ["direct", "page"], column: "landing", setBy: BY_CALLER, default: "direct" },',
    column: "landing text NOT NULL DEFAULT 'direct'",
    default: "direct",
    values: ["page", "direct"],
    wrong: ["aside", 7],
  },
] as const;

const only = (pick: (field: (typeof ADDED)[number]) => unknown) =>
  Object.fromEntries(ADDED.map((field) => [field.name, pick(field)]));
const DEFAULTS = only((field) => field.default);
const FIRST = only(({ values }) => values[0]);
const SECOND = only(({ values }) => values[1]);
const TARGET = "https://example.com/menu";

type Body = Record<string, unknown>;

describe.skipIf(await lacks("redis-server"))(
  "a field that is added by its line and its migration",
  {
    timeout: 180_000,
  },
  () => {
    let project: ChangedProject;
    /** The service before the change, over the same servers. */
    let before: TestStack;
    let service: ChangedService;
    let oldId: string;

    const created = (json: Body, key?: string) =>
      service.call("/generate", { method: "POST", json, ...(key ? { key } : {}) });
    const body = async (reply: Response) => (await reply.json()) as Body;
    const get = async (qrId: unknown) => body(await service.call(`/qr/${qrId}`));
    const listed = async (qrId: unknown, path = "/qr") => {
      const page = await body(await service.call(path));
      const found = (page.qrCodes as Body[]).find((code) => code.qrId === qrId);
      return { ...found, cached: page.cached };
    };
    const generateBefore = (json: Body) =>
      before.call("/generate", {
        ...{ method: "POST", tenant: "tenant_acme", json },
        headers: { "idempotency-key": "before" },
      });

    beforeAll(async () => {
      before = await startTestStack();
      oldId = String((await body(await generateBefore({ targetUrl: TARGET }))).qrId);
      for (const path of [`/qr/${oldId}`, "/qr"]) await before.call(path, { tenant: "tenant_acme" });

      project = changedProject();
      for (const { line } of ADDED) project.insert(TABLE, /^ {2}createdAt: /, line);
      const columns = ADDED.map(({ column }) => `ADD COLUMN ${column}`);
      project.create(TEST, "");
      project.create(MIGRATION, `-- Up Migration\n\nALTER TABLE qr_codes ${columns.join(", ")};\n`);
      await project.run("bin/openapi/write.ts");
      service = await project.start({
        databaseUrl: before.database.url,
        redisUrl: before.redisServer?.url ?? "",
      });
    }, 180_000);
    afterAll(async () => {
      await service?.stop();
      project?.remove();
      await before?.close();
    });

    it("compiles, tests included", async () => {
      expect(await project.run("node_modules/typescript/bin/tsc")).toBe("");
    });

    it("touches the files that the page names, and no other", async () => {
      expect(differences("A field", project.touched())).toEqual({ unnamed: [], untouched: [] });
    });

    it("is shown with its default where another version stored and cached the code without it", async () => {
      expect(await get(oldId)).toMatchObject({ ...DEFAULTS, cached: false });
      expect(await get(oldId)).toMatchObject({ ...DEFAULTS, cached: true });
      expect(await listed(oldId)).toMatchObject({ ...DEFAULTS, cached: false });
      expect(await listed(oldId)).toMatchObject({ ...DEFAULTS, cached: true });
    });

    it("is shown with its default where a request from before it is repeated", async () => {
      const replay = await created({ targetUrl: TARGET }, "before");
      expect([replay.status, replay.headers.get("idempotent-replayed")]).toEqual([201, "true"]);
      expect(await body(replay)).toMatchObject({ qrId: oldId, ...DEFAULTS });
      expect((await created({ targetUrl: TARGET, ...FIRST }, "before")).status).toBe(409);
    });

    it("is set by generate, and by nothing else than what it says", async () => {
      const reply = await created({ targetUrl: TARGET, ...FIRST });
      expect(reply.status).toBe(201);
      expect(await body(reply)).toMatchObject(FIRST);
      expect(await body(await created({ targetUrl: TARGET }))).toMatchObject(DEFAULTS);
    });

    it("is set by a request that is repeated", async () => {
      const replies = [];
      for (let round = 0; round < 2; round++)
        replies.push(await created({ targetUrl: TARGET, ...FIRST }, "twice"));
      expect(replies.map(({ status }) => status)).toEqual([201, 201]);
      for (const reply of replies) expect(await body(reply)).toMatchObject(FIRST);
      expect((await created({ targetUrl: TARGET, ...SECOND }, "twice")).status).toBe(409);
    });

    it("is read from the database and from the cache, alone and in the list", async () => {
      const { qrId } = await body(await created({ targetUrl: TARGET, ...FIRST }));
      for (const cached of [false, true]) {
        expect(await get(qrId)).toMatchObject({ ...FIRST, cached });
        expect(await listed(qrId)).toMatchObject({ ...FIRST, cached });
      }
      expect(await listed(qrId, "/qr?limit=5")).toMatchObject({ ...FIRST, cached: false });
      expect((await service.call(`/scan/${qrId}`)).headers.get("location")).toBe(TARGET);
    });

    it("is changed by patch, kept where patch does not name it, and reset by null", async () => {
      const { qrId } = await body(await created({ targetUrl: TARGET, ...FIRST }));
      await get(qrId);
      const patched = async (json: Body) =>
        body(await service.call(`/qr/${qrId}`, { method: "PATCH", json }));
      expect(await patched(SECOND)).toMatchObject(SECOND);
      expect(await get(qrId)).toMatchObject({ ...SECOND, cached: false });
      expect(await listed(qrId)).toMatchObject({ ...SECOND, cached: false });
      expect(await patched({ name: "Menu" })).toMatchObject({ ...SECOND, name: "Menu" });
      expect(await patched(only(() => null))).toMatchObject(DEFAULTS);
      expect(await get(qrId)).toMatchObject(DEFAULTS);
    });

    it.each(ADDED)("is refused beyond its bounds: $name", async ({ name, wrong }) => {
      const { qrId } = await body(await created({ targetUrl: TARGET }));
      for (const value of wrong) {
        const replies = [
          await created({ targetUrl: TARGET, [name]: value }),
          await service.call(`/qr/${qrId}`, { method: "PATCH", json: { [name]: value } }),
        ];
        for (const reply of replies) {
          expect(reply.status).toBe(400);
          expect(await body(reply)).toMatchObject({ errors: [{ path: name }] });
        }
      }
    });

    it("is described, in what is taken and in what is shown", async () => {
      const { components } = (await (await service.call("/openapi.json")).json()) as {
        components: { schemas: Record<string, { properties: Body; required?: string[] }> };
      };
      const { QrCodeInput, QrCodePatch, QrCode } = components.schemas;
      for (const { name, default: fallback } of ADDED) {
        for (const schema of [QrCodeInput, QrCodePatch]) expect(schema?.properties).toHaveProperty(name);
        // No default stands for "none": `default: null` would not compile in generated clients.
        const taken = QrCodeInput?.properties[name] as Body;
        expect(taken.default).toEqual(fallback ?? undefined);
        expect(QrCode?.required).toContain(name);
      }
    });

    it("leaves the version before it at work on the same servers", async () => {
      const { qrId } = await body(await created({ targetUrl: TARGET, ...FIRST }));
      await get(qrId);
      const reply = await before.call(`/qr/${qrId}`, { tenant: "tenant_acme" });
      expect(reply.status).toBe(200);
      for (const { name } of ADDED) expect(await body(reply.clone())).not.toHaveProperty(name);
      expect((await body(await generateBefore({ targetUrl: TARGET }))).qrId).toBe(oldId);
    });

    it("does not start without its migration, and says what is missing", async () => {
      const forgotten = changedProject();
      try {
        for (const { line } of ADDED) forgotten.insert(TABLE, /^ {2}createdAt: /, line);
        const other = await startTestStack();
        try {
          const servers = { databaseUrl: other.database.url, redisUrl: other.redisServer?.url ?? "" };
          await expect(forgotten.start(servers)).rejects.toThrow(
            "the field utm of a code has no column qr_codes.utm_source: a migration is missing",
          );
        } finally {
          await other.close();
        }
      } finally {
        forgotten.remove();
      }
    });
  },
);

import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { QrCode } from "../../core/code/qr-code.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";

type Json = Record<string, unknown>;

/** In ms: room to shrink a failure, each step of which is a row of requests. */
const TIMEOUT = 120_000;

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.close());

/** Few instants, so that windows often meet or cross. */
const INSTANTS = ["2030-01-01T00:00:00.000Z", "2030-01-01T00:00:00.001Z", "2040-12-31T23:59:59.999Z"];
const URLS = ["https://example.com/a", "http://bücher.example/ü?q=%20#f", "https://example.com/'\"$1"];

const MEMBERS = {
  targetUrl: fc.constantFrom(...URLS),
  status: fc.constantFrom("active", "paused"),
  name: fc.option(fc.constantFrom("a", "Größe ☀️", "NULL", "' OR 1=1 --", "\\", "{}")),
  tags: fc.option(fc.uniqueArray(fc.constantFrom("a", "b,c", '"d"', "NULL", "{}", "\\"), { maxLength: 4 })),
  startsAt: fc.option(fc.constantFrom(...INSTANTS)),
  expiresAt: fc.option(fc.constantFrom(...INSTANTS)),
  maxScans: fc.option(fc.constantFrom(1, 7, 2_147_483_647)),
  fallbackUrl: fc.option(fc.constantFrom(...URLS)),
};
const patch = fc.record(MEMBERS, { requiredKeys: [] }).filter((members) => Object.keys(members).length > 0);

/** MergePatch of RFC 7396, section 2. */
function mergePatch(target: unknown, given: unknown): unknown {
  if (!isObject(given)) return given;
  const merged: Json = isObject(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(given)) {
    if (value === null) delete merged[name];
    else merged[name] = mergePatch(merged[name], value);
  }
  return merged;
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A code as the document that is patched, without what follows from it: what is absent the reply shows as `null`, or as no tags. */
function documentOf(code: object): Json {
  const { updatedAt, version, state, cached, svg, ...members } = code as Json;
  return Object.fromEntries(
    Object.entries(members).filter(
      ([, value]) => value !== null && !(Array.isArray(value) && value.length === 0),
    ),
  );
}

const inOrder = ({ startsAt, expiresAt }: Json) =>
  startsAt === undefined || expiresAt === undefined || String(startsAt) < String(expiresAt);

async function create(): Promise<QrCode> {
  const json = { targetUrl: "https://example.com/", name: "first", tags: ["x"], maxScans: 3 };
  const reply = await stack.call("/generate", { method: "POST", json });
  expect(reply.status).toBe(201);
  return (await reply.json()) as QrCode;
}

const read = async (qrId: string) => (await stack.call(`/qr/${qrId}`)).json() as Promise<Json>;

describe("a row of patches", () => {
  it("leaves the code that RFC 7396 says, and a refused one leaves it as it was", {
    timeout: TIMEOUT,
  }, async () => {
    let [taken, refused] = [0, 0];
    await fc.assert(
      fc.asyncProperty(fc.array(patch, { minLength: 1, maxLength: 5 }), async (patches) => {
        const code = await create();
        let model = documentOf(code);
        for (const json of patches) {
          const merged = documentOf(mergePatch(model, json) as Json);
          const reply = await stack.call(`/qr/${code.qrId}`, { method: "PATCH", json });
          const body = (await reply.json()) as Json;
          if (inOrder(merged)) {
            taken += 1;
            expect(reply.status).toBe(200);
            expect(documentOf(body)).toEqual(merged);
            model = merged;
          } else {
            refused += 1;
            expect(reply.status).toBe(400);
            expect(body.errors).toEqual([{ path: "expiresAt", message: "must be after startsAt" }]);
          }
          // Once from Postgres and once from the cache.
          expect(documentOf(await read(code.qrId))).toEqual(model);
          expect(documentOf(await read(code.qrId))).toEqual(model);
        }
      }),
      { numRuns: 30 },
    );
    // Both outcomes were met, so that neither branch was vacuous.
    expect(taken).toBeGreaterThan(10);
    expect(refused).toBeGreaterThan(2);
  });

  it("that arrive together on different fields are all kept", { timeout: TIMEOUT }, async () => {
    const disjoint = fc
      .record({ ...MEMBERS, expiresAt: fc.constant(null) })
      .map((members) => Object.entries(members).map(([name, value]) => ({ [name]: value })));
    await fc.assert(
      fc.asyncProperty(disjoint, async (patches) => {
        const code = await create();
        const send = (json: Json) => stack.call(`/qr/${code.qrId}`, { method: "PATCH", json });
        const replies = await Promise.all(patches.map(send));
        expect(replies.map(({ status }) => status)).toEqual(patches.map(() => 200));
        const expected = documentOf(patches.reduce<unknown>(mergePatch, documentOf(code)) as Json);
        expect(documentOf(await read(code.qrId))).toEqual(expected);
        expect(documentOf(await read(code.qrId))).toEqual(expected);
        expect((await read(code.qrId)).version).toBe(1 + patches.length);
      }),
      { numRuns: 10 },
    );
  });
});

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DEFAULTS } from "../../../core/code/defaults.ts";
import { CacheKeys } from "../../../data/redis/keys.ts";
import { generateCode } from "../../../functions/generate/use-case.ts";
import { patchCode } from "../../../functions/patch/use-case.ts";
import { scanCode } from "../../../functions/scan/use-case.ts";
import { personOf } from "../person.ts";
import { lacks } from "../requirements.ts";
import { checkRegister } from "./check-register.ts";
import { type Processes, startProcesses } from "./processes.ts";
import { recordHistory, scanOf } from "./record-history.ts";

const LIMIT = 50;

/** Two processes over slow links: a history of `ms` milliseconds, and a limit on scans that is met `times` times. */
export async function linearizabilitySuite(ms: number, times: number): Promise<void> {
  describe.skipIf(await lacks("redis-server"))(
    "with two processes whose links are late at random,",
    { timeout: 60_000 + 5 * ms },
    () => {
      let processes: Processes;

      beforeAll(async () => {
        processes = await startProcesses();
      });
      afterAll(() => processes?.close());

      it("each code is a linearizable register", async () => {
        const histories = await recordHistory(processes, ms);
        for (const [qrId, history] of histories) expect([qrId, ...checkRegister(history)]).toEqual([qrId]);
        expect([...histories.values()].flat().length).toBeGreaterThan(ms / 10);
      });

      it.each(Array.from({ length: times }, (_, index) => `limited-${index}`))(
        "a code is scanned exactly as often as it may be, though it is changed five times meanwhile: %s",
        async (qrId) => {
          const { services } = processes;
          const target = "https://example.com/";
          await generateCode(services[0], personOf("tenant_b"), {
            ...DEFAULTS,
            qrId,
            targetUrl: target,
            maxScans: LIMIT,
          });
          const own = (index: number) => services[index % 2 ? 1 : 0];
          const patches = (async () => {
            for (let patch = 0; patch < 5; patch++)
              await patchCode(own(patch), personOf("tenant_b"), qrId, { targetUrl: `${target}${patch}` });
          })();
          const outcomes: string[] = [];
          const scans = Array.from({ length: 12 }, async (_, client) => {
            for (let scan = 0; scan < 7; scan++) {
              outcomes.push((await scanCode(own(client), "scan", scanOf(qrId))).state);
            }
          });
          await Promise.all([patches, ...scans]);
          expect(outcomes.filter((state) => state === "open")).toHaveLength(LIMIT);
          const { redis } = services[0];
          expect(await redis.command("GET", CacheKeys.scanCount(qrId))).toBe(String(LIMIT));
          const events = (await redis.command("XRANGE", CacheKeys.outbox, "-", "+")) as [string, string[]][];
          expect(events.filter(([, [, event]]) => event?.includes(`"${qrId}"`))).toHaveLength(LIMIT);
        },
      );
    },
  );
}

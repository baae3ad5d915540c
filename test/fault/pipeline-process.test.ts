import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inProcessTopic } from "../../data/kafka/in-process-topic.ts";
import { createHandler as createPersistScans } from "../../functions/persist-scans/handler.ts";
import { housekeep } from "../../functions/relay/housekeep.ts";
import { runRelay } from "../../functions/relay/relay.ts";
import { startProcess } from "../support/kafka/process.ts";
import { withLog } from "../support/kafka/ready.ts";
import type { RelayStep } from "../support/pipeline/relay-process.ts";
import { lacks } from "../support/requirements.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";
import { PHONE } from "../support/user-agents.ts";

const RELAY_PROCESS = join(import.meta.dirname, "../support/pipeline/relay-process.ts");
const SCANS_A_STEP = 20;
const CASE_TIMEOUT_MS = 120_000;

const STEPS: RelayStep[] = ["before send", "before raise", "before delete", "mid-delete"];

describe.skipIf(await lacks("redis-server"))(
  "a process in which relay and consumer run, without Kafka",
  { timeout: CASE_TIMEOUT_MS },
  () => {
    const folder = mkdtempSync(join(tmpdir(), "qr-service-pipeline-"));
    let stack: TestStack;
    beforeAll(async () => {
      stack = await startTestStack();
      await housekeep(stack.services, { scans: 13, history: 25 });
    });
    afterAll(async () => {
      await stack.close();
      rmSync(folder, { recursive: true, force: true });
    });

    it("loses no scan and counts none twice when it is killed at each of its steps, twice", async () => {
      const { services, database } = stack;
      const created = await stack.call("/generate", {
        method: "POST",
        json: { targetUrl: "https://example.com/menu" },
      });
      const { qrId } = (await created.json()) as { qrId: string };
      const steps = [...STEPS, ...STEPS];
      for (const step of steps) {
        for (let scan = 0; scan < SCANS_A_STEP; scan++) {
          const init = { tenant: null, headers: { "user-agent": PHONE } };
          expect((await stack.call(`/scan/${qrId}`, init)).status).toBe(302);
        }
        // A counter that was lost, so that there is one to be raised.
        if (step === "before raise") await services.redis.command("DEL", `qr-service:scan-count:${qrId}`);
        const log = join(folder, `${step}.log`);
        const relay = await startProcess(
          process.execPath,
          [RELAY_PROCESS, step, JSON.stringify(services.env)],
          log,
        );
        if ((await relay.ended) !== "SIGKILL") throw await withLog(`the relay passed "${step}"`, log);
      }
      const report = await runRelay(services, inProcessTopic("qr.events", createPersistScans(services)), {
        outboxMaxLength: 1_000,
        signal: new AbortController().signal,
        idleMs: 0,
      });
      expect(report.depth).toBe(0);
      const scans = steps.length * SCANS_A_STEP;
      expect(
        await database.sql(
          `SELECT count(*)::int AS rows, count(DISTINCT event_id)::int AS events,
             (SELECT scans::int FROM scan_totals WHERE qr_id = $1) AS total FROM scan_events WHERE qr_id = $1`,
          [qrId],
        ),
      ).toEqual([{ rows: scans, events: scans, total: scans }]);
      expect(await (await stack.call(`/qr/${qrId}/stats`)).json()).toMatchObject({ scans, today: scans });
    });
  },
);

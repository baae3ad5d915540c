import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePort } from "../../bin/local/free-port.ts";
import { CANARY } from "../../core/canary.ts";
import type { MetricName } from "../../core/telemetry/metrics.ts";
import { insertCanary } from "../../data/postgres/canary-code.ts";
import { createHandler } from "../../functions/canary/handler.ts";
import { directPublisher } from "../../functions/relay/direct-publisher.ts";
import { housekeep } from "../../functions/relay/housekeep.ts";
import { runRelay } from "../../functions/relay/relay.ts";
import { recordLog } from "../support/log-recorder.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
  await housekeep(stack.services, { scans: 13, history: 25 });
  for (let deploys = 0; deploys < 2; deploys++) await insertCanary(stack.services.db);
});
afterAll(() => stack.close());

function recordMetrics() {
  const written: [MetricName, number][] = [];
  return {
    written,
    metrics: { add: (name: MetricName, value = 1) => void written.push([name, value]), flush() {} },
  };
}

/** One run of the canary against a service. */
async function run(publicUrl: string) {
  const { written, metrics } = recordMetrics();
  const log = recordLog();
  const report = await createHandler({ publicUrl, log, metrics })();
  return { report, written, reasons: log.lines.map(({ fields }) => fields.reason) };
}

describe("the canary", () => {
  it("scans its own code as a phone does, and finds the scan persisted, apart from everybody's", async () => {
    expect(await run(stack.baseUrl)).toEqual({
      report: { redirected: true },
      written: [["CanaryScans", 1]],
      reasons: [],
    });
    const { written, metrics } = recordMetrics();
    const services = { ...stack.services, metrics };
    const options = { outboxMaxLength: 1_000, idleMs: 0, signal: AbortSignal.timeout(20_000) };
    await runRelay(services, directPublisher(services), options);
    expect(written).toContainEqual(["CanaryPersisted", 1]);
    const rows = await stack.database.sql("SELECT tenant_id, qr_id, bot, device FROM scan_events");
    expect(rows).toEqual([{ tenant_id: CANARY.tenantId, qr_id: CANARY.qrId, bot: false, device: "mobile" }]);
    expect(await (await stack.call("/qr")).json()).toMatchObject({ count: 0 });
  });

  it("writes nothing of itself when other scans are persisted", async () => {
    const json = { qrId: "other", targetUrl: "https://example.com/" };
    await stack.call("/generate", { method: "POST", json });
    await stack.call("/scan/other", { tenant: null });
    const { written, metrics } = recordMetrics();
    const services = { ...stack.services, metrics };
    const options = { outboxMaxLength: 1_000, idleMs: 0, signal: AbortSignal.timeout(20_000) };
    await runRelay(services, directPublisher(services), options);
    expect(written.map(([name]) => name)).toContain("ScansPersisted");
    expect(written.map(([name]) => name)).not.toContain("CanaryPersisted");
  });

  it.each([
    ["another target", 302, { location: "https://evil.example/" }, "another target"],
    ["an error", 503, {}, "status 503"],
    ["a page", 200, {}, "status 200"],
  ])("says so of a service that answers with %s", async (_what, status, headers, reason) => {
    const server = createServer((_request, response) => response.writeHead(status, headers).end());
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const { port } = server.address() as AddressInfo;
    const { report, written, reasons } = await run(`http://127.0.0.1:${port}`);
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
    expect([report, written, reasons]).toEqual([{ redirected: false }, [["CanaryScans", 0]], [reason]]);
  });

  it("says so of a service that does not answer, and fails by no error of its own", async () => {
    const { report, reasons } = await run(`http://127.0.0.1:${await freePort()}`);
    expect([report, reasons]).toEqual([{ redirected: false }, ["ECONNREFUSED"]]);
  });
});

import { CANARY } from "../../core/canary.ts";
import type { Log } from "../../core/telemetry/log.ts";
import type { Metrics } from "../../core/telemetry/metrics.ts";

/** A person's phone: a scan that counts, is recorded, and comes as people's scans do. */
const PHONE = {
  accept: "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8",
  "user-agent":
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
};

/** Longer than anybody waits for a page. */
const TIMEOUT_MS = 10_000;

/**
 * One scan of the canary's code by the public URL: name, certificate, gateway, function, redirect. That it reaches the
 * database is counted where it is persisted.
 */
export function createHandler(services: { publicUrl: string; log: Log; metrics: Metrics }) {
  const { log, metrics } = services;
  const url = `${services.publicUrl}/scan/${CANARY.qrId}`;
  return async (): Promise<{ redirected: boolean }> => {
    const problem = await scan(url);
    if (problem) log.warn("the canary's scan was not redirected", { reason: problem });
    metrics.add("CanaryScans", problem ? 0 : 1);
    metrics.flush();
    return { redirected: !problem };
  };
}

/** What is wrong with the reply to a scan, if anything. */
async function scan(url: string): Promise<string | undefined> {
  try {
    const reply = await fetch(url, {
      headers: PHONE,
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await reply.body?.cancel();
    if (reply.status !== 302) return `status ${reply.status}`;
    return reply.headers.get("location") === CANARY.targetUrl ? undefined : "another target";
  } catch (error) {
    const { cause, message } = error as Error & { cause?: { code?: string } };
    return cause?.code ?? message;
  }
}

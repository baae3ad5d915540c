import { randomUUID } from "node:crypto";
import { pathToFileURL } from "node:url";
import type { Invocation, Outcome } from "./invoke-bundle.ts";

/*
 * One invocation in a process of its own, which its parent ends.
 */

process.once("message", async ({ module, event, functionName, timeoutMs }: Invocation) => {
  const report = (outcome: Outcome) => process.send?.(outcome);
  try {
    const { handler } = await import(pathToFileURL(module).href);
    const end = Date.now() + timeoutMs;
    const reply = await handler(event, {
      functionName,
      awsRequestId: randomUUID(),
      getRemainingTimeInMillis: () => end - Date.now(),
    });
    report({ reply: reply ?? null });
  } catch (error) {
    report({ error: error instanceof Error ? `${error.name}: ${error.message}` : String(error) });
  }
});

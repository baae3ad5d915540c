import { spawnSync } from "node:child_process";
import { setPriority } from "node:os";
import { closedLoop } from "../closed-loop.ts";
import type { LoadOrder, LoadReport } from "../load-process.ts";

/** The lowest, and on Linux, where util-linux is there, the class that only gets what no other process wants. */
const NICE = 19;
setPriority(NICE);
spawnSync("chrt", ["--all-tasks", "--idle", "--pid", "0", String(process.pid)]);

const report = (told: LoadReport) => process.send?.(told);

process.on("disconnect", () => process.exit());
process.on("message", async ({ request, ...load }: LoadOrder) => {
  const bytes = Buffer.from(request);
  try {
    report({ result: await closedLoop({ ...load, request: () => bytes }) });
  } catch (error) {
    report({ failed: (error as Error).message });
  }
});
report({ ready: true });

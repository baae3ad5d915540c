import { createWriteStream, readFileSync } from "node:fs";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startImportStub } from "../support/import-stub.ts";
import { startQr } from "../support/qr-command.ts";
import { lacks } from "../support/requirements.ts";
import { makeFolder } from "../support/temporary-folder.ts";
import { COLUMNS, onTerminal } from "../support/terminal.ts";

const MAIN = join(import.meta.dirname, "../../bin/qr/main.ts");

/** Well above what a chunk of 10,000 rows takes, and well below what the file does. */
const HEAP_MB = 64;
const RESIDENT_MB = 300;

let stub: Awaited<ReturnType<typeof startImportStub>>;
let folder: Awaited<ReturnType<typeof makeFolder>>;
beforeAll(async () => {
  stub = await startImportStub();
  folder = await makeFolder("qr-long-import-");
});
afterAll(async () => {
  await stub.close();
  await folder.remove();
});

/** A file of so many rows of some 500 bytes. */
async function fileOf(rows: number): Promise<string> {
  const path = join(folder.path, `${rows}.csv`);
  const file = createWriteStream(path);
  file.write("targetUrl,name\n");
  const name = "Tisch ".repeat(30);
  for (let row = 0; row < rows; row += 1)
    if (!file.write(`https://example.com/${"x".repeat(300)}/${row},${name}${row}\n`))
      await new Promise<void>((drained) => file.once("drain", () => drained()));
  file.end();
  await finished(file);
  return path;
}

const noTerminal = await lacks("pty");

describe("qr import of a long file", { timeout: 180_000 }, () => {
  it.skipIf(process.platform !== "linux")(
    `takes a heap of ${HEAP_MB} MB and ${RESIDENT_MB} MB in all for 100,000 rows of 50 MB`,
    async () => {
      const path = await fileOf(100_000);
      // A heap without a bound grows before it is collected, whether or not that is needed.
      const run = startQr(["import", path], { ...stub.env, NODE_OPTIONS: `--max-old-space-size=${HEAP_MB}` });
      let [peak, isOver] = [0, false];
      void run.ended.then(() => {
        isOver = true;
      });
      while (!isOver) {
        peak = Math.max(peak, peakMegabytes(run.child.pid ?? 0));
        await sleep(2);
      }
      const last = run.stderr().split("\n").at(-2);
      expect([await run.ended, last]).toEqual([0, `${path}: 100,000 created`]);
      expect(peak).toBeGreaterThan(0);
      expect(peak).toBeLessThan(RESIDENT_MB);
    },
  );

  it.skipIf(noTerminal)("shows a bar on a terminal that never wraps, and takes it away", async () => {
    const path = await fileOf(3_000);
    const { code, shown } = await onTerminal(
      [MAIN, "import", path, "--chunk-rows", "100"],
      stub.env,
      folder.path,
    );
    expect(code).toBe(0);
    const [bars, last] = [shown.split("\r\u001b[K").slice(1), shown.split("\n").at(-2)];
    expect(bars.length).toBeGreaterThan(2);
    expect(bars[0]).toMatch(/^░{24} {3}0 % {2}0 of 3,000 rows, \d+ s$/);
    expect(bars.at(-2)).toMatch(/^█{24} 100 % {2}3,000 of 3,000 rows, \d+ s$/);
    for (const bar of bars.slice(0, -1)) expect(bar.length).toBeLessThan(COLUMNS);
    // Taken away, it leaves the line to what is said in the end.
    expect(last?.split("\r\u001b[K").at(-1)).toBe(`${path}: 3,000 created\r`);
  });
});

/** The most memory that a process has had resident, MB; 0 once it is gone. */
function peakMegabytes(pid: number): number {
  try {
    return (
      (Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) * 1_024) /
      1e6
    );
  } catch {
    return 0;
  }
}

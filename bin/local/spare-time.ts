import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { setPriority } from "node:os";

/** A nice value that lets scans go first where there are fewer processors than threads. */
const NICE = 10;

/**
 * Leaves the processors to whatever else wants them, for the thread that calls this. Its garbage is collected by threads
 * that V8 shares between all of a process's isolates: they get the nice value, too.
 *
 * Where util-linux is there, the thread is put in the class for idle processors, which a thread that wakes interrupts at
 * once: one of a higher nice value may first use up its slice, some milliseconds (https://docs.kernel.org/scheduler/sched-eevdf.html,
 * sched(7), SCHED_IDLE). It does nothing elsewhere than on Linux, where a nice value is the whole process's.
 */
export function useSpareTime(): void {
  // setpriority(2), "C library/kernel differences": on Linux it is a thread's own.
  if (process.platform !== "linux") return;
  setPriority(NICE);
  try {
    for (const thread of readdirSync("/proc/self/task")) lowerIfOfV8(thread);
    const self = readlinkSync("/proc/thread-self").split("/").at(-1) as string;
    spawnSync("chrt", ["--idle", "--pid", "0", self]);
  } catch {
    // Without /proc the nice value has to do.
  }
}

function lowerIfOfV8(thread: string): void {
  try {
    const name = readFileSync(`/proc/self/task/${thread}/comm`, "utf8").trim();
    if (name === "V8Worker") setPriority(Number(thread), NICE);
  } catch {
    // It has ended.
  }
}

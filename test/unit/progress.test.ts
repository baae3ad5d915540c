import { describe, expect, it } from "vitest";
import { progressOn } from "../../bin/qr/parts/progress.ts";

/** A screen that keeps what is written, and a clock that is set by hand. */
function screenOf(isTTY: boolean, columns = 80) {
  const written: string[] = [];
  const clock = { ms: 0 };
  const progress = progressOn(
    { isTTY, columns, write: (text) => written.push(text) },
    "codes",
    () => clock.ms,
  );
  return { written, clock, progress };
}

describe("the progress of long work", () => {
  it("is a bar on a terminal, drawn over itself ten times a second at most, and taken away in the end", () => {
    const { written, clock, progress } = screenOf(true);
    progress.update(0, 1_000);
    clock.ms = 50;
    progress.update(10, 1_000);
    clock.ms = 2_000;
    progress.update(500, 1_000);
    progress.end();
    expect(written).toEqual([
      expect.stringContaining("0 %  0 of 1,000 codes, 0 s"),
      `\r\u001b[K${"█".repeat(12)}${"░".repeat(12)}  50 %  500 of 1,000 codes, 2 s, 2 s left`,
      "\r\u001b[K",
    ]);
  });

  it("is a line every ten seconds elsewhere, without signs that control a terminal", () => {
    const { written, clock, progress } = screenOf(false);
    for (let second = 0; second <= 25; second += 1) {
      clock.ms = second * 1_000;
      progress.update(second * 100, 10_000);
    }
    progress.end();
    expect(written).toEqual([
      "10 %: 1,000 of 10,000 codes, 10 s, 90 s left\n",
      "20 %: 2,000 of 10,000 codes, 20 s, 80 s left\n",
    ]);
  });

  it("keeps the bar below a line that is said", () => {
    const { written, progress } = screenOf(true);
    progress.update(1, 4);
    progress.say("waiting 2 s");
    expect(written.slice(1)).toEqual(["\r\u001b[K", "waiting 2 s\n", written[0]]);
  });

  it("does not wrap", () => {
    const { written, progress } = screenOf(true, 30);
    progress.update(123_456, 1_000_000);
    expect(written[0]?.replace("\r\u001b[K", "").length).toBe(29);
  });

  it("says how much is done where nobody knows of how much", () => {
    const { written, progress } = screenOf(true);
    progress.update(1_234);
    expect(written[0]).toContain("1,234 codes, 0 s");
  });
});

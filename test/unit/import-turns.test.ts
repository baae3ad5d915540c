import { expect, it } from "vitest";
import { inTurns } from "../../functions/http/in-turns.ts";
import { rowChecker } from "../../functions/import/check-rows.ts";
import { rowsOfCsv } from "../../functions/import/read-rows.ts";
import { manyRows } from "../support/many-rows.ts";

const ROWS = 10_000;

it("offers the process a turn for each row that it reads and each that it checks", async () => {
  let offered = 0;
  const pause = () => {
    offered += 1;
    return undefined;
  };
  const { csv, badLines } = manyRows(ROWS, "turn");
  const given = await rowsOfCsv(csv, pause);
  const pieces = offered - ROWS;
  // Reading offers one after each 32 KiB, too.
  expect(pieces).toBe(Math.ceil((Buffer.byteLength(csv) - 3) / (32 * 1024)));
  const { rows, failures } = await rowChecker("https://qr.example.com")(given, pause);
  expect(offered).toBe(pieces + 2 * ROWS);
  expect([rows.length, failures.length]).toEqual([ROWS - badLines.length, badLines.length]);
});

it("takes the turn once it has worked for some milliseconds, and no sooner", async () => {
  const pause = inTurns();
  let turns = 0;
  const other = setInterval(() => {}, 1);
  const count = () => {
    turns += 1;
    counting = setImmediate(count);
  };
  let counting = setImmediate(count);
  const until = (end: number) => {
    while (performance.now() < end);
  };
  for (let step = 0; step < 5; step++) {
    until(performance.now() + 5);
    const before = turns;
    await pause();
    expect(turns).toBeGreaterThan(before);
  }
  expect(pause()).toBeUndefined();
  clearImmediate(counting);
  clearInterval(other);
});

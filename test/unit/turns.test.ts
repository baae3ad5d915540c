import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, it } from "vitest";
import { turns } from "../../bin/local/turns.ts";
import { Busy } from "../../core/errors.ts";

it("one begins in each turn of the event loop, in the order in which they came", async () => {
  const turn = turns();
  const begun: number[] = [];
  for (let n = 1; n <= 5; n++) void turn().then(() => begun.push(n));
  for (let turnsGone = 0; turnsGone <= 5; turnsGone++) {
    expect(begun).toEqual([1, 2, 3, 4, 5].slice(0, turnsGone));
    await nextTurn();
  }
});

it("whoever comes while another begins waits for the next turn", async () => {
  const turn = turns();
  const begun: string[] = [];
  void turn().then(() => {
    begun.push("first");
    void turn().then(() => begun.push("second"));
  });
  await nextTurn();
  expect(begun).toEqual(["first"]);
  await nextTurn();
  expect(begun).toEqual(["first", "second"]);
});

it("beyond so many that wait the next one is refused, and has a place once one has begun", async () => {
  const turn = turns(2);
  const [first] = [turn(), turn()];
  await expect(turn()).rejects.toBeInstanceOf(Busy);
  await first;
  await turn();
});

it("short ones begin together, eight at most, and none beside one that is not", async () => {
  const turn = turns();
  const begun: string[][] = [[]];
  const come = (name: string, isShort: boolean) => void turn(isShort).then(() => begun.at(-1)?.push(name));
  for (let n = 1; n <= 10; n++) come(`short ${n}`, true);
  come("long 1", false);
  come("long 2", false);
  come("short 11", true);
  for (let turnsGone = 0; turnsGone < 5; turnsGone++) {
    await nextTurn();
    begun.push([]);
  }
  const short = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, n) => `short ${from + n}`);
  expect(begun).toEqual([short(1, 8), short(9, 10), ["long 1"], ["long 2"], ["short 11"], []]);
});

import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { singleFlight } from "../../data/single-flight.ts";

/** Work that ends when it is told to, and notes when it began. */
function loads() {
  const begun: PromiseWithResolvers<string>[] = [];
  const work = () => {
    const load = Promise.withResolvers<string>();
    begun.push(load);
    return load.promise;
  };
  return { begun, work };
}

describe("a single flight", () => {
  it("shares a run with nobody who comes after it has begun; those share the next one", async () => {
    const { begun, work } = loads();
    const flight = singleFlight();
    const first = flight.run("key", work);
    const later = Array.from({ length: 100 }, () => flight.run("key", work));
    await turn();
    expect(begun).toHaveLength(1);
    begun[0]?.resolve("old");
    expect(await first).toBe("old");
    await turn();
    expect(begun).toHaveLength(2);
    const last = flight.run("key", work);
    begun[1]?.resolve("new");
    expect(await Promise.all(later)).toEqual(Array(100).fill("new"));
    await turn();
    begun[2]?.resolve("newest");
    expect(await last).toBe("newest");
    expect(begun).toHaveLength(3);
  });

  it("of one key waits for no other's", async () => {
    const { begun, work } = loads();
    const flight = singleFlight();
    void flight.run("a", work);
    void flight.run("b", work);
    expect(begun).toHaveLength(2);
  });

  it("that failed fails for those who shared it, and not for those behind them", async () => {
    const { begun, work } = loads();
    const flight = singleFlight();
    const first = flight.run("key", work);
    const second = flight.run("key", work);
    begun[0]?.reject(new Error("no database"));
    await expect(first).rejects.toThrow("no database");
    await turn();
    begun[1]?.resolve("value");
    expect(await second).toBe("value");
    await turn();
    const third = flight.run("key", work);
    expect(begun).toHaveLength(3);
    begun[2]?.resolve("again");
    expect(await third).toBe("again");
  });
});

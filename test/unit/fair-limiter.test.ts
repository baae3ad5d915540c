import { describe, expect, it } from "vitest";
import { Busy } from "../../core/errors.ts";
import { fairLimiter, type Limits } from "../../functions/runtime/fair-limiter.ts";
import { searchLimits } from "../../functions/runtime/search-limits.ts";

/** A limiter whose work ends when the test says so. */
function world(limits: Limits) {
  const limiter = fairLimiter(limits);
  const started: string[] = [];
  const ends = new Map<string, (error?: Error) => void>();
  return {
    started,
    /** Asks for a piece of work of the tenant that the name's first letter stands for. */
    ask: (name: string): Promise<string> =>
      limiter(name.charAt(0), () => {
        started.push(name);
        return new Promise((resolve, reject) =>
          ends.set(name, (error) => (error ? reject(error) : resolve(name))),
        );
      }),
    end(name: string, error?: Error): Promise<void> {
      (ends.get(name) ?? expect.unreachable(`${name} does not run`))(error);
      return settled();
    },
  };
}

/** Once all promises that are due have been settled. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

const LIMITS: Limits = { running: 3, runningPerTenant: 2, waiting: 4, waitingPerTenant: 3 };

describe("a fair limiter", () => {
  it("runs no more at once than it may, of one tenant and of all", async () => {
    const { started, ask } = world(LIMITS);
    for (const name of ["a1", "a2", "a3", "b1", "b2"]) void ask(name);
    await settled();
    expect(started).toEqual(["a1", "a2", "b1"]);
  });

  it("gives a free place to the tenant with the fewest running, then to whoever waits longest", async () => {
    const { started, ask, end } = world(LIMITS);
    for (const name of ["a1", "a2", "c1", "a3", "a4", "b1"]) void ask(name);
    await settled();
    expect(started).toEqual(["a1", "a2", "c1"]);
    await end("a1");
    expect(started.at(-1)).toBe("b1");
    await end("c1");
    expect(started.at(-1)).toBe("a3");
    await end("a2");
    expect(started.at(-1)).toBe("a4");
  });

  it("leaves a place free rather than give a tenant more than its share", async () => {
    const { started, ask, end } = world(LIMITS);
    for (const name of ["a1", "a2", "a3", "b1"]) void ask(name);
    await settled();
    await end("b1");
    expect(started).toEqual(["a1", "a2", "b1"]);
    void ask("c1");
    await settled();
    expect(started.at(-1)).toBe("c1");
  });

  it("refuses what would wait behind too much, of one tenant and of all", async () => {
    const { ask } = world(LIMITS);
    for (const name of ["a1", "a2", "a3", "a4", "a5"]) void ask(name);
    await expect(ask("a6")).rejects.toBeInstanceOf(Busy);
    for (const name of ["b1", "b2"]) void ask(name);
    await expect(ask("c1")).rejects.toBeInstanceOf(Busy);
  });

  it("hands on results and errors, and takes back the place of either", async () => {
    const { ask, end, started } = world({ ...LIMITS, running: 1 });
    const [first, second, third] = [ask("a1"), ask("a2"), ask("a3")];
    await settled();
    await end("a1");
    expect(await first).toBe("a1");
    const refused = expect(second).rejects.toThrow("no luck");
    await end("a2", new Error("no luck"));
    await refused;
    await end("a3");
    expect(await third).toBe("a3");
    expect(started).toEqual(["a1", "a2", "a3"]);
  });

  it("that has been busy runs as much again as a new one", async () => {
    const { started, ask, end } = world(LIMITS);
    for (let round = 0; round < 5; round++) {
      started.length = 0;
      for (const name of ["a1", "a2", "a3", "b1"]) void ask(name);
      await settled();
      for (const name of ["a1", "a2", "a3", "b1"]) await end(name);
      expect(started).toEqual(["a1", "a2", "b1", "a3"]);
    }
  });
});

describe("the limits of searches", () => {
  it.each([
    [1, 1, 1],
    [2, 1, 1],
    [4, 2, 1],
    [10, 5, 2],
    [100, 50, 25],
  ])("with a pool of %i connections leave at least half of them free", (pool, running, perTenant) => {
    expect(searchLimits(pool)).toMatchObject({ running, runningPerTenant: perTenant });
  });
});

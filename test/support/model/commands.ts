import fc from "fast-check";
import type { Action, Evictable } from "./actions.ts";
import { describeRequest, type Request } from "./caller.ts";
import type { Clients } from "./clients.ts";
import type { History } from "./history.ts";

/** Gives a client something to do. Whatever happens meanwhile is the scheduler's to choose. */
class Ask implements fc.AsyncCommand<History, Clients> {
  readonly #request: Request;

  constructor(request: Request) {
    this.#request = request;
  }

  check(): boolean {
    return true;
  }

  async run(_history: History, clients: Clients): Promise<void> {
    clients.ask(this.#request);
  }

  toString(): string {
    return describeRequest(this.#request);
  }
}

/** Few of each, so that the clients meet at the same code again and again. */
export const CODES = ["a", "b"];
export const TENANTS = ["t1", "t2"];

/** How a run begins: one code is there, the other is still to be issued. */
export const FIRST: Request = {
  client: "c1",
  action: { kind: "generate", tenant: "t1", code: "a", fallback: false, how: "plain" },
  pause: undefined,
};

/** What a run is about: the fewer things there are, the more often the clients meet at one of them. */
interface Theme {
  reads: ("code" | "list" | "link" | "key")[];
  tenants: string[];
  codes: string[];
}

const themes = fc.record<Theme>({
  // Two kinds of reads that disagree take two kinds.
  reads: fc
    .constantFrom(1, 2)
    .chain((minLength) => fc.subarray(["code", "list", "link", "key"], { minLength })),
  tenants: fc.constantFrom(["t1"], ["t1", "t1", "t1", "t2"]),
  codes: fc.constantFrom(["a"], ["a", "b"]),
});

/** What readers put into the cache, and what guards that it may be put there. */
const PLACES: Record<Theme["reads"][number], Evictable[]> = {
  code: ["entry", "entry's fence"],
  list: ["list", "list's fence"],
  link: ["link", "link's fence", "lease"],
  key: ["key", "key's fence"],
};

/**
 * Some of the actions of a kind, with long pauses before some of their calls, counted from 0: between query and fill,
 * now and then between miss and query; before and after a commit, whose number differs by what is committed with it.
 */
function some<A extends Action>(weight: number, action: fc.Arbitrary<A>, ...places: (number | number[])[]) {
  const pauses = places.map((calls) =>
    fc.record({ calls: fc.constant([calls].flat()), turns: fc.integer({ min: 2, max: 80 }) }),
  );
  const none = fc.constant(undefined);
  const pause = pauses.length === 0 ? none : fc.option(fc.oneof(...pauses), { nil: undefined, freq: 3 });
  return { weight, arbitrary: fc.record<Pick<Request, "action" | "pause">>({ action, pause }) };
}

const fallback = fc.boolean();
const status = fc.constantFrom(undefined, "active" as const, "paused" as const);
/** The version that a condition names; mostly there is none, and a low one is met now and then. */
const expects = fc.oneof(
  { weight: 4, arbitrary: fc.constant(undefined) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 6 }) },
);
const onConflict = fc.constantFrom("update" as const, "update" as const, "skip" as const);
/** Deleted codes are no longer changed: few are. */
const does = fc.constantFrom(
  ...(["active", "paused", "active", "paused", "active", "paused", "restore", "delete"] as const),
);
const mode = fc.constantFrom(
  "scan" as const,
  "scan" as const,
  "scan" as const,
  "peek" as const,
  "bot" as const,
);

function workOn({ reads, tenants, codes }: Theme) {
  const tenant = fc.constantFrom(...tenants);
  const code = fc.constantFrom(...codes);
  const several = fc.constantFrom(...[codes, [...codes].reverse(), ...codes.map((each) => [each])]);
  const what = fc.constantFrom(...reads.flatMap((read) => PLACES[read]), "whole cache" as const);
  const owner = tenant;
  const onKeys = (weight: number) => (reads.includes("key") ? weight : 0);
  const among = (read: Theme["reads"][number], weight: number) => (reads.includes(read) ? weight : 2);
  return fc.oneof(
    some(
      3,
      fc.record({
        kind: is("generate"),
        tenant,
        code,
        fallback,
        how: fc.constantFrom("plain" as const, "keyed" as const, "fresh" as const),
      }),
      1,
      2,
      [2, 3],
      [3, 4],
      [5, 6],
    ),
    some(16, fc.record({ kind: is("patch"), tenant, code, fallback, status, expects }), 3, 4, [3, 4], [3, 4]),
    some(1, fc.record({ kind: is("delete"), tenant, code, expects }), [3, 4]),
    // Almost always of a code that is there, which takes no more than a statement.
    some(4, fc.record({ kind: is("restore"), tenant, code, expects }), 3, 4, [3, 4]),
    some(
      6,
      fc.record({ kind: is("import"), tenant, codes: several, fallback, onConflict }),
      4,
      5,
      [4, 5],
      [5, 6],
    ),
    some(6, fc.record({ kind: is("bulk"), tenant, codes: several, does }), 4, 5, [4, 5], [4, 5]),
    some(among("code", 10), fc.record({ kind: is("get"), tenant, code }), 1, 2, 3, 3, 3),
    some(among("code", 4), fc.record({ kind: is("stats"), tenant, code }), 1, 2, 3, 3, 3),
    some(among("list", 12), fc.record({ kind: is("list"), tenant }), 1, 2, 3, 3, 3),
    some(among("link", 14), fc.record({ kind: is("scan"), code, mode }), 1, 2, 2, 2),
    some(onKeys(5), fc.record({ kind: is("make"), tenant })),
    some(onKeys(5), fc.record({ kind: is("revoke"), tenant, owner }), 3, 4, [3, 4], [3, 4]),
    some(onKeys(20), fc.record({ kind: is("use"), owner }), 1, 2, 2, 2),
    some(14, fc.record({ kind: is("evict"), what, tenant, code, expire: fc.boolean() })),
    some(1, fc.record({ kind: is("relay") })),
    some(1, fc.record({ kind: is("later") })),
  );
}

function is<K extends Action["kind"]>(kind: K): fc.Arbitrary<K> {
  return fc.constant(kind);
}

const client = fc.constantFrom("c1", "c2", "c3", "c4");

export type Commands = Iterable<fc.AsyncCommand<History, Clients>>;

/** Sequences of up to `most` requests of several clients. */
export function commands(most: number): fc.Arbitrary<Commands> {
  return themes.chain((theme) => {
    const ask = fc
      .record({ client, work: workOn(theme) })
      // There is one relay at a time.
      .map(
        ({ client, work }) => new Ask({ client: work.action.kind === "relay" ? "relay" : client, ...work }),
      );
    return fc.commands([ask], { maxCommands: most, size: "max", disableReplayLog: true });
  });
}

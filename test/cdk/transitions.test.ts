import { describe, expect, it } from "vitest";
import { synthesize, type Template, type Templates } from "./synthesized.ts";
import { fixedNameOf } from "./transitions/cloudformation.ts";
import { CONFIGURATIONS } from "./transitions/configurations.ts";
import { resourcesIn } from "./transitions/deployed.ts";
import { deleteLeftovers, deploy, NOTHING } from "./transitions/replay.ts";

const synthesized = new Map<string, Templates>();

/** The templates of a configuration, synthesized once. */
function templatesOf(name: string): Templates {
  const known = synthesized.get(name);
  if (known) return known;
  const templates = intern(synthesize(CONFIGURATIONS[name] as Record<string, string>));
  synthesized.set(name, templates);
  return templates;
}

const interned = new Map<string, Template>();

/** Equal templates become one, so that what was found out about it holds for all configurations that share it. */
function intern(templates: Templates): Templates {
  return Object.fromEntries(
    Object.entries(templates).map(([stack, template]) => {
      const text = JSON.stringify(template);
      const known = interned.get(text) ?? template;
      interned.set(text, known);
      return [stack, known];
    }),
  );
}

const names = Object.keys(CONFIGURATIONS);
const stageOf = (name: string) => CONFIGURATIONS[name]?.stage as string;
const pairs = names.flatMap((from) =>
  names.filter((to) => to !== from && stageOf(to) === stageOf(from)).map((to) => ({ from, to })),
);

describe("a first deployment", () => {
  it.each(names)("of %s has at each step what it needs", (name) => {
    expect(deploy(NOTHING, templatesOf(name)).problems).toEqual([]);
  });
});

describe("a transition", () => {
  it.each(pairs)("from $from to $to breaks nothing, at no step", ({ from, to }) => {
    const { deployed } = deploy(NOTHING, templatesOf(from));
    expect(deploy(deployed, templatesOf(to)).problems).toEqual([]);
  });

  it.each(pairs)(
    "from $from to $to can be undone at once, or once its leftovers are deleted",
    ({ from, to }) => {
      const there = deploy(deploy(NOTHING, templatesOf(from)).deployed, templatesOf(to)).deployed;
      expect(deploy(there, templatesOf(from)).problems).toEqual([]);
      const tidied = deleteLeftovers(there, templatesOf(to));
      expect(tidied.problems).toEqual([]);
      expect(deploy(tidied.deployed, templatesOf(from)).problems).toEqual([]);
    },
  );
});

describe("two stages", () => {
  it.each(
    names.flatMap((one) =>
      names.filter((other) => stageOf(other) > stageOf(one)).map((other) => [one, other]),
    ),
  )("%s and %s lie in one account and region without a name in common", (one, other) => {
    const namesOf = (name: string) =>
      Object.values(templatesOf(name)).flatMap((template) =>
        resourcesIn(template).flatMap(([, resource]) => fixedNameOf(resource) ?? []),
      );
    const taken = new Set(namesOf(one));
    // Two stages have two domains.
    const shared = namesOf(other).filter((name) => taken.has(name) && !name.includes("qr.example.com"));
    expect(shared).toEqual([]);
  });
});

import type { Template } from "../synthesized.ts";

type Maybe = Template | undefined;

/** Stands for a stack that is not there. */
const NONE = {};

/** A function of one template, found out once for each: many transitions pass through the same ones. */
export function oncePerTemplate<T extends object>(find: (template: Maybe) => T): (template: Maybe) => T {
  const found = new WeakMap<object, T>();
  return (template) => {
    const key = template ?? NONE;
    const known = found.get(key) ?? find(template);
    found.set(key, known);
    return known;
  };
}

/** The same of a template and what comes after it. */
export function oncePerChange<T extends object>(
  find: (before: Maybe, after: Maybe) => T,
): (before: Maybe, after: Maybe) => T {
  const from = oncePerTemplate((before) => oncePerTemplate((after) => find(before, after)));
  return (before, after) => from(before)(after);
}

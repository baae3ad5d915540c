import { fixedNameOf } from "./cloudformation.ts";
import { type Deployed, type Retained, resourcesIn, type Step } from "./deployed.ts";
import { replacedIn } from "./exports.ts";
import { oncePerTemplate } from "./once.ts";

/** The fixed names in a template by the logical IDs of what has them. */
const fixedNamesIn = oncePerTemplate((template): ReadonlyMap<string, string> => {
  const named = resourcesIn(template).map(([id, resource]) => [id, fixedNameOf(resource)] as const);
  return new Map(named.flatMap(([id, name]): [string, string][] => (name ? [[id, name]] : [])));
});

export function retainedBy({ before, after }: Step): Retained[] {
  return resourcesIn(before).flatMap(([id, resource]) =>
    after?.Resources[id] || !resource.DeletionPolicy?.startsWith("Retain")
      ? []
      : (fixedNamesIn(before).get(id) ?? []),
  );
}

/**
 * A resource is made before the one that it replaces is deleted, so that a fixed name must not be taken: by another
 * resource of this stack as it was, by another stack, or by what was left behind.
 */
export function nameProblems({ templates, retained }: Deployed, { before, after }: Step): string[] {
  const taken = new Map<string, string>(retained.map((name) => [name, "something that was retained"]));
  for (const [stack, template] of Object.entries(templates)) {
    for (const [id, name] of fixedNamesIn(template)) taken.set(name, `${stack}/${id}`);
  }
  const replaced = new Set(replacedIn(before, after).map(([id]) => id));
  const made = resourcesIn(after).filter(([id]) => !before?.Resources[id] || replaced.has(id));
  return made.flatMap(([id]) => {
    const holder = taken.get(fixedNamesIn(after).get(id) ?? "");
    return holder ? [`${id} is to be made while its name is taken by ${holder}`] : [];
  });
}

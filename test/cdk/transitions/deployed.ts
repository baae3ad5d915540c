import type { Resource, Template, Templates } from "../synthesized.ts";

/** Something that outlives its stack, by its fixed name. */
export type Retained = string;

/** What is deployed: the templates of a stage's stacks, in the order of their deployment. */
export interface Deployed {
  templates: Templates;
  /** What stacks have let go of, but not deleted. */
  retained: Retained[];
}

/** One stack's turn. `after` is missing where the stack is deleted. */
export interface Step {
  stack: string;
  before: Template | undefined;
  after: Template | undefined;
}

/** A template's resources by their logical IDs; none if there is no stack. */
export function resourcesIn(template: Template | undefined): [string, Resource][] {
  return Object.entries(template?.Resources ?? {});
}

import type { Templates } from "../synthesized.ts";
import type { Deployed, Step } from "./deployed.ts";
import { exportProblems } from "./exports.ts";
import { nameProblems, retainedBy } from "./names.ts";
import { pathProblems } from "./reach.ts";
import { replacementProblems } from "./replacement.ts";

export const NOTHING: Deployed = { templates: {}, retained: [] };

/**
 * Deploys `to` over what is there, stack by stack as `cdk deploy --all` does: stacks that are not part of `to` stay as
 * they are.
 *
 * @returns what is deployed then, and what would have failed, or left a function without what it uses, on the way
 */
export function deploy(from: Deployed, to: Templates): { deployed: Deployed; problems: string[] } {
  return run(
    from,
    Object.entries(to).map(([stack, after]) => ({ stack, before: from.templates[stack], after })),
  );
}

/** Deletes the stacks that a deployment of `to` has left over, the last deployed first. */
export function deleteLeftovers(from: Deployed, to: Templates): { deployed: Deployed; problems: string[] } {
  const left = Object.keys(from.templates).filter((stack) => !(stack in to));
  return run(
    from,
    left.reverse().map((stack) => ({ stack, before: from.templates[stack], after: undefined })),
  );
}

function run(from: Deployed, steps: Step[]): { deployed: Deployed; problems: string[] } {
  let deployed = from;
  const problems: string[] = [];
  for (const step of steps) {
    const next = apply(deployed, step);
    // `cdk deploy` leaves alone a stack that does not change.
    if (step.before === step.after) continue;
    const found = [
      ...exportProblems(deployed.templates, step),
      ...replacementProblems(step),
      ...nameProblems(deployed, step),
      ...pathProblems(next.templates),
    ];
    problems.push(...found.map((problem) => `${step.stack}: ${problem}`));
    deployed = next;
  }
  return { deployed, problems };
}

function apply({ templates, retained }: Deployed, step: Step): Deployed {
  const { [step.stack]: _, ...others } = templates;
  return {
    templates: step.after ? { ...templates, [step.stack]: step.after } : others,
    retained: [...retained, ...retainedBy(step)],
  };
}

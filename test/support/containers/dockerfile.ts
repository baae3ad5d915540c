import { readFileSync } from "node:fs";
import { join } from "node:path";

const FILE = join(import.meta.dirname, "../../../Dockerfile");

/** One instruction: `{ name: "COPY", args: "package.json ./" }`. */
export interface Instruction {
  name: string;
  args: string;
}

/** The stages of the Dockerfile, in order, each from its FROM on. */
export function stagesOfDockerfile(): Instruction[][] {
  const stages: Instruction[][] = [];
  for (const line of readFileSync(FILE, "utf8").split("\n")) {
    const [, name, args = ""] = /^([A-Z]+) (.+)$/.exec(line) ?? [];
    if (!name) continue;
    if (name === "FROM") stages.push([]);
    stages.at(-1)?.push({ name, args });
  }
  return stages;
}

/** The arguments of a stage's instructions of one name. */
export const argsOf = (stage: readonly Instruction[], wanted: string): string[] =>
  stage.filter(({ name }) => name === wanted).map(({ args }) => args);

/** The words of a command in exec form, `CMD ["node", "file"]`, the last of its name. @throws Error if it is none */
export function execForm(stage: readonly Instruction[], name: "CMD" | "HEALTHCHECK"): string[] {
  const args = argsOf(stage, name).at(-1) ?? "";
  return JSON.parse(args.slice(args.indexOf("[")));
}

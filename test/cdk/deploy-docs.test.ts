import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { functionNames } from "../../functions/manifest.ts";
import { OPTION_NAMES } from "../../lib/options.ts";
import { stages } from "../../lib/stages.ts";
import { service } from "./synthesized.ts";

const root = new URL("../../", import.meta.url);
const read = (file: string) => readFileSync(new URL(file, root), "utf8");
const page = read("docs/deploy.md");
const runbook = read("docs/runbook.md");
const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };

/** All `npm run` commands of the page and of the runbook, as printed, without those that leave something to fill in. */
const COMMANDS = [
  ...new Set(
    [...`${page}\n${runbook}`.matchAll(/npm run ([^\n`)]+)/g)].map(([, command]) =>
      (command as string).trim(),
    ),
  ),
].filter((command) => !/[…<]/.test(command));

/** The options that a command gives. */
const optionsOf = (command: string): Record<string, string> =>
  Object.fromEntries([...command.matchAll(/-c (\w+)=(\S+)/g)].map(([, name, value]) => [name, value]));

/** Runs a script without an account. */
function run(command: string): Promise<{ output: string }> {
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, CDK_DEFAULT_REGION: "eu-west-1", AWS_EC2_METADATA_DISABLED: "true" };
  return new Promise((resolve) => {
    execFile("npm", ["run", "-s", ...command.split(" ")], { cwd: root, env }, (_error, stdout, stderr) =>
      resolve({ output: `${stdout}${stderr}` }),
    );
  });
}

describe("docs/deploy.md", () => {
  it.each(COMMANDS)("npm run %s is a script, and its options are those of the service", (command) => {
    const [script = ""] = command.split(" ");
    expect(Object.keys(scripts)).toContain(script);
    for (const [, file = ""] of command.matchAll(/(events\/\S+\.json)/g))
      expect(existsSync(new URL(file, root))).toBe(true);
    // All that synthesizes needs a stage: the command line does so even for `bootstrap`.
    if (/^(cdk|deploy|synth|doctor)/.test(command)) expect(() => service(optionsOf(command))).not.toThrow();
  });

  it("prepares an account by a command that gets as far as the account", async () => {
    const command = COMMANDS.find((candidate) => candidate.includes("bootstrap")) as string;
    const { output } = await run(command);
    expect(output).not.toMatch(/stage must be|there is no option/);
    expect(output).toMatch(/account|credentials/i);
    // The CDK synthesizes first, on a busy machine.
  }, 240_000);

  it("describes each option and each stage", () => {
    expect(OPTION_NAMES.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
    expect(Object.keys(stages).filter((name) => !page.includes(`| \`${name}\` |`))).toEqual([]);
  });

  it("names each stack that any configuration has, in their order", () => {
    const options = { stage: "prod", redis: "valkey", cloudfront: "true" };
    const stacks = ["egress", ...Object.keys(service(options).service)];
    const [, line = ""] = /```\n(network .*)\n/.exec(page) ?? [];
    const drawn = line.split(/[^a-z]+/).filter(Boolean);
    expect([...drawn].sort()).toEqual([...stacks].sort());
    expect(drawn.filter((name) => name !== "egress")).toEqual(Object.keys(service(options).service));
  });

  it("counts no functions: their list is the manifest", () => {
    expect(page).not.toMatch(/\b\d+ functions\b/);
    const invoked = [...page.matchAll(/(?:npm run invoke -- |sam local invoke qr-dev-)([\w-]+)/g)];
    for (const [, name] of invoked) expect(functionNames).toContain(name);
  });

  it("has every section that it links to, and in the runbook, too", () => {
    const anchors = (text: string) =>
      [...text.matchAll(/^##+ (.+)$/gm)].map(([, title = ""]) => title.toLowerCase().replaceAll(" ", "-"));
    for (const [, file, anchor] of page.matchAll(/\]\((\w[\w.-]*\.md)(?:#([\w-]+))?\)/g)) {
      expect(existsSync(new URL(`docs/${file}`, root)), file).toBe(true);
      if (anchor) expect(anchors(read(`docs/${file}`))).toContain(anchor);
    }
    for (const [, title = ""] of runbook.matchAll(/`deploy\.md`, \*([\w ]+)\*/g))
      expect(anchors(page)).toContain(title.toLowerCase());
  });
});

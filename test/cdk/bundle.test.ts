import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { type Endpoint, endpoints, type Trigger, triggers } from "../../functions/manifest.ts";
import { bundle, CA_FILE, hasSourceMap } from "../../lib/compute/bundle.ts";
import { type Config, readConfig } from "../../lib/config.ts";

const LINES: readonly (Endpoint | Trigger)[] = [...endpoints, ...triggers];
const folder = mkdtempSync(join(tmpdir(), "qr-bundles-"));
afterAll(() => rmSync(folder, { recursive: true }));

const config = (context: Record<string, string>): Config =>
  readConfig((name) => context[name], { region: "eu-west-1" });

function bundled(line: Endpoint | Trigger, context: Record<string, string>): string {
  const output = mkdtempSync(join(folder, line.name));
  bundle(line, output, config(context));
  return output;
}

const sizeOf = (output: string, file: string) => statSync(join(output, file)).size;
const modulesOf = (output: string) => readdirSync(output).filter((file) => file.endsWith(".mjs"));

const isDriver = (file: string) => file.startsWith("open-postgres");

/** The files that a module needs at once, itself included. */
function loadedBy(output: string, file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const code = readFileSync(join(output, file), "utf8");
  for (const [, name] of code.matchAll(/(?:from|import)"\.\/([^"]+)"/g))
    loadedBy(output, name as string, seen);
  return seen;
}

describe("bundles for Upstash", () => {
  const outputs = new Map(LINES.map((line) => [line.name, bundled(line, { stage: "dev" })]));
  const outputOf = (line: { name: string }) => outputs.get(line.name) as string;

  it.each(LINES)("$name has its entry, and a source map only where it pays", (line) => {
    const files = readdirSync(outputOf(line));
    expect(files).toContain("index.mjs");
    expect(files.some((file) => file.endsWith(".map"))).toBe(hasSourceMap(line));
  });

  it.each(LINES)("$name is a module that Node loads, and names what its environment lacks", (line) => {
    const script = `import("${join(outputOf(line), "index.mjs")}").then(() => {}, (error) => console.log(error.name, error.message))`;
    // Nothing but what Lambda itself would set: what is not required is found missing at the first call.
    const { stdout } = spawnSync(process.execPath, ["-e", script], { env: {}, encoding: "utf8" });
    const uses: readonly string[] = line.uses;
    const lacking = uses.includes("postgres")
      ? /^EnvironmentError .*DATABASE_URL is required/
      : uses.includes("public-url")
        ? /^EnvironmentError PUBLIC_BASE_URL is required$/m
        : uses.includes("issuer-keys")
          ? /^EnvironmentError TOKEN_ISSUER is required/
          : /^$/;
    expect(stdout).toMatch(lacking);
  });

  it.each(LINES)("$name carries the database's authorities exactly if it uses the database", (line) => {
    expect(readdirSync(outputOf(line)).includes(CA_FILE)).toBe(line.uses.includes("postgres"));
  });

  it.each(LINES)("$name carries no Redis client of the other option", (line) => {
    const code = modulesOf(outputOf(line)).map((file) => readFileSync(join(outputOf(line), file), "utf8"));
    expect(code.some((text) => text.includes("MaxRetriesPerRequestError"))).toBe(false);
  });

  it.each(LINES)("$name carries none of the threads that draw on one machine", (line) => {
    const code = modulesOf(outputOf(line)).map((file) => readFileSync(join(outputOf(line), file), "utf8"));
    expect(code.filter((text) => /tinypool/i.test(text))).toEqual([]);
  });

  it("migrate carries the migrations", () => {
    const source = readdirSync(new URL("../../data/postgres/migrations", import.meta.url)).sort();
    expect(readdirSync(join(outputs.get("migrate") as string, "migrations")).sort()).toEqual(source);
  });

  it("a scan loads less than 200 kB, the Redis client included", () => {
    const output = outputs.get("scan") as string;
    const files = loadedBy(output, "index.mjs");
    for (const file of modulesOf(output).filter((name) => name.startsWith("upstash")))
      loadedBy(output, file, files);
    const bytes = [...files].reduce((sum, file) => sum + sizeOf(output, file), 0);
    expect(bytes).toBeLessThan(200_000);
    expect(modulesOf(output).some(isDriver)).toBe(true);
    expect([...files].some(isDriver)).toBe(false);
  });

  it.each(endpoints)("$name loads one file beside its entry when it starts", (line) => {
    expect(loadedBy(outputOf(line), "index.mjs").size).toBeLessThanOrEqual(2);
  });
});

describe("authorities", () => {
  const certificates = (file: string) => readFileSync(file, "utf8").match(/BEGIN CERTIFICATE/g)?.length;

  it("are those of the region, one for each kind of key", () => {
    expect(certificates(join(bundled(LINES[0] as Endpoint, { stage: "dev" }), CA_FILE))).toBe(3);
  });

  it("are Amazon's public ones too where the proxy answers", () => {
    expect(certificates(join(bundled(LINES[0] as Endpoint, { stage: "dev", proxy: "true" }), CA_FILE))).toBe(
      8,
    );
  });
});

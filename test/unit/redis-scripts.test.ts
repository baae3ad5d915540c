import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { compileScripts, scriptsModule } from "../../bin/scripts/compile.ts";
import * as committed from "../../data/redis/scripts.ts";
import { lacks } from "../support/requirements.ts";

const ROOT = join(import.meta.dirname, "../..");
const scripts = compileScripts();

const folder = mkdtempSync(join(tmpdir(), "scripts-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Compiles these files, of which those in `includes/` are parts. */
function compiled(name: string, files: Record<string, string>) {
  const place = join(folder, name);
  mkdirSync(join(place, "includes"), { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(place, file), text);
  return compileScripts(place);
}

describe("the module of scripts", () => {
  it("is what `npm run scripts` makes of the Lua files", () => {
    const { name, source, sha1 } = scripts.find(({ name }) => name === "scan") ?? expect.unreachable();
    expect(committed.SCAN).toMatchObject({ name, source, sha1 });
    const biome = join(ROOT, "node_modules/.bin/biome");
    const formatted = execFileSync(biome, ["format", "--stdin-file-path", "data/redis/scripts.ts"], {
      cwd: ROOT,
      input: scriptsModule(scripts),
      encoding: "utf8",
    });
    expect(readFileSync(join(ROOT, "data/redis/scripts.ts"), "utf8")).toBe(formatted);
  });

  it("brings a script as it is, whatever characters it holds", async () => {
    const source = ["return '`$", "{x}\\n\\\\'"].join("");
    const module = join(folder, "escaped.ts");
    writeFileSync(module, scriptsModule(compiled("escaped", { "odd.lua": source })));
    expect((await import(module)).ODD.source).toBe(`${source}\n`);
  });
});

describe("a script", () => {
  it("is compiled without comments, and with each part once, however often it is included", () => {
    const [script] = compiled("parts", {
      "main.lua": "-- what it does\n-- include b\n-- include a\n\nreturn b() -- not in a line of its own\n",
      "includes/a.lua": "local function a() return 1 end\n",
      "includes/b.lua": "-- include a\nlocal function b()\n  -- why\n  return a()\nend\n",
    });
    expect(script?.source).toBe(
      "local function a() return 1 end\nlocal function b()\nreturn a()\nend\nreturn b() -- not in a line of its own\n",
    );
  });

  it("names its keys and arguments in the order in which it takes them", () => {
    const named = "local one, two = unpack(KEYS)\nlocal a, b,\n  c = unpack(ARGV)\nreturn 1\n";
    expect(compiled("named", { "main.lua": named })[0]).toMatchObject({
      keys: ["one", "two"],
      args: ["a", "b", "c"],
    });
    expect(compiled("unnamed", { "main.lua": "return KEYS[1]\n" })[0]).toMatchObject({
      keys: undefined,
      args: undefined,
    });
    const { keys } = committed.FILL;
    expect(keys({ fenceKey: "second", entryKey: "first" })).toEqual(["first", "second"]);
  });

  it("that includes what does not exist is not compiled", () => {
    expect(() => compiled("missing", { "main.lua": "-- include nothing\n" })).toThrow("nothing.lua");
  });

  it.each(scripts.map(({ name, source }) => [name, source]))("%s counts no argument off", (_name, source) => {
    expect(source).not.toMatch(/ARGV\[\d+\]|KEYS\[\d+\]/);
  });
});

describe.skipIf(await lacks("luacheck"))("the linter", () => {
  const lint = (name: string, source: string) => {
    const file = join(folder, `${name}.lua`);
    writeFileSync(file, source);
    try {
      execFileSync("luacheck", ["--config", join(ROOT, ".luacheckrc"), "--no-color", file], {
        encoding: "utf8",
      });
      return "";
    } catch (error) {
      return (error as { stdout: string }).stdout;
    }
  };

  it.each(scripts.map(({ name, source }) => [name, source]))("finds nothing in %s", (name, source) => {
    expect(lint(name, source)).toBe("");
  });

  it("finds a variable that is not there, and one that is not used", () => {
    const found = lint("typo", "local token = ARGV[1]\nreturn tokem\n");
    expect(found).toMatch(/undefined variable 'tokem'/);
    expect(found).toMatch(/unused variable 'token'/);
  });
});

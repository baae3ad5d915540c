import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Plugin } from "esbuild";

/** Marks the plugin's own question, which it leaves to esbuild. */
const ASKED = Symbol("asked");

/** Each module that a source file imports as it starts, types apart. */
const STATIC_IMPORT = /^import (?!type )[^;]*?"(\.[^"]+)"/gm;

/**
 * Puts all that a function loads when it starts into one file beside its entry point. With `splitting`, esbuild writes a
 * file for each set of entry points, lazy imports among them, that share some modules: the start of a scan came in seven,
 * and to find, read and link one of them takes 0.7 ms. So whatever is imported lazily also imports what the function has
 * already loaded by then, and all of that is shared by all.
 */
export const oneStartChunk: Plugin = {
  name: "one-start-chunk",
  setup({ initialOptions, onResolve, onLoad, resolve }) {
    const [entry] = initialOptions.entryPoints as string[];
    if (entry === undefined) throw new Error("there is no entry point");
    const atStart = [...readFileSync(entry, "utf8").matchAll(STATIC_IMPORT)]
      .map(([, path]) => `import ${JSON.stringify(join(dirname(entry), path as string))};`)
      .join("");

    onResolve({ filter: /^\.{1,2}\/.*\.ts$/ }, async ({ path, kind, importer, resolveDir, pluginData }) => {
      if (kind !== "dynamic-import" || pluginData === ASKED) return undefined;
      const resolved = await resolve(path, { kind, importer, resolveDir, pluginData: ASKED });
      return resolved.external || resolved.errors.length > 0
        ? resolved
        : { path: resolved.path, namespace: "lazy" };
    });
    onLoad({ filter: /.*/, namespace: "lazy" }, ({ path }) => ({
      contents: `${atStart}export * from ${JSON.stringify(path)};`,
      resolveDir: dirname(path),
    }));
  },
};

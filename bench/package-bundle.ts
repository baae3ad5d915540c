import { join } from "node:path";
import { build } from "esbuild";

/** CommonJS packages call `require`, which a module does not have. */
const BANNER = 'import{createRequire}from"node:module";const require=createRequire(import.meta.url);';

/** Bundles all of a package as it would be in a function; returns the folder of its `index.mjs`. */
export async function bundlePackage(name: string, folder: string): Promise<string> {
  const output = join(folder, name.replaceAll("/", "_"));
  await build({
    // Kept whole: what a function leaves out of it differs.
    stdin: {
      contents: `import * as all from "${name}";\nglobalThis.all = all;`,
      resolveDir: import.meta.dirname,
    },
    outfile: join(output, "index.mjs"),
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node24",
    minify: true,
    mainFields: ["module", "main"],
    banner: { js: BANNER },
    external: ["pg-native"],
    logLevel: "error",
  });
  return output;
}

import { isBuiltin } from "node:module";
import type { Plugin } from "esbuild";

const NAME = /^(?!default$)[a-z_$][\w$]*$/i;

/**
 * Takes Node's own modules from `process.getBuiltinModule` in place of `import`, which makes a module of exports of each one and
 * evaluates its getters for it: half a millisecond for most, three for `node:fs` (its streams and promises), 20 for
 * `node:http` (undici, for its `WebSocket`; https://github.com/nodejs/node/blob/v24.x/lib/http.js).
 */
export const builtinModules: Plugin = {
  name: "builtin-modules",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^[\w:/]+$/ }, ({ path, kind }) =>
      kind === "import-statement" && isBuiltin(path) ? { path, namespace: "builtin" } : undefined,
    );
    onLoad({ filter: /.*/, namespace: "builtin" }, ({ path }) => {
      const names = Object.keys(process.getBuiltinModule(path) as object).filter((name) => NAME.test(name));
      // Calls without side effects, so that nothing is left of a name, and of a module, that is not used.
      const exports = names.map((name) => `export const ${name} = /* @__PURE__ */ member("${name}");`);
      return {
        contents: [
          `const all = /* @__PURE__ */ process.getBuiltinModule("${path}");`,
          "const member = (name) => all[name];",
          "export default all;",
          ...exports,
        ].join("\n"),
      };
    });
  },
};

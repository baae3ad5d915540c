/**
 * Which way imports go, checked by `npm run check`: bin → functions → data → core. `docs/architecture.md` says what
 * each folder holds.
 */

const OURS = "^(bench|bin|clients|console|core|data|functions|lib|test)/";

/** What may stand on the other side of each layer. */
function only(name, from, allowed) {
  return {
    name,
    severity: "error",
    from: { path: from },
    to: { path: OURS, pathNot: allowed },
  };
}

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    only("core-imports-only-core", "^core/", "^core/"),
    only("data-imports-core", "^data/", "^(core|data)/"),
    only("http-and-runtime-import-no-function", "^functions/(http|runtime)/", [
      "^(core|data)/",
      "^functions/(http|runtime)/",
      "^functions/manifest\\.ts$",
    ]),
    only("a-function-imports-no-other-function", "^functions/([^/]+)/", [
      "^(core|data)/",
      "^functions/(http|runtime|$1)/",
      "^functions/manifest\\.ts$",
    ]),
    only("the-manifest-imports-only-scopes", "^functions/manifest\\.ts$", [
      "^functions/manifest\\.ts$",
      "^core/auth/scopes\\.ts$",
    ]),
    only("lib-imports-tables", "^lib/", [
      "^lib/",
      "^functions/(manifest|http/cors|runtime/env)\\.ts$",
      "^core/(telemetry/metrics|auth/scopes)\\.ts$",
      "^console/(config|headers)\\.ts$",
    ]),
    only("a-client-imports-nothing-of-the-service", "^clients/", "^clients/"),
    // Of the service it knows what the API's description says.
    only("the-console-imports-types-of-the-api", "^console/", [
      "^console/",
      "^clients/typescript/src/schema\\.ts$",
    ]),
    only("bin-imports-no-tests", "^bin/(?!qr/)", "^(bin|console|core|data|functions|lib)/"),
    // It works against any deployment. The rest of what it knows is a code's fields, the measures of sheets, and how its files are written.
    only("the-command-line-speaks-the-api-by-its-client", "^bin/qr/", [
      "^bin/qr/",
      "^clients/typescript/src/index\\.ts$",
      "^core/(code/fields|csv/[\\w-]+|sheet/(label|layouts|limits))\\.ts$",
      "^functions/runtime/env\\.ts$",
    ]),
    {
      name: "core-does-no-io",
      comment: "The rules of the service know neither AWS, HTTP nor a server.",
      severity: "error",
      from: { path: "^core/" },
      to: {
        path: [
          "^(node:)?(fs|net|http|https|child_process|worker_threads)",
          "node_modules/(@aws-|@middy/|@upstash/|ioredis|pg|kafkajs)",
        ],
      },
    },
    {
      name: "a-scan-loads-only-what-it-uses",
      comment: "Its cold start is a person waiting.",
      severity: "error",
      from: { path: "^functions/scan/index\\.ts$" },
      to: { path: "node_modules/(zod|kafkajs|@aws-sdk|qr|fast-png|bowser)/", reachable: true },
    },
    {
      name: "what-runs-is-no-development-package",
      comment: "`npm ci --omit=dev && npm start` works.",
      severity: "error",
      from: { path: "^(bin/(local|qr|load-endpoints)|clients|core|data|functions)" },
      to: { dependencyTypes: ["npm-dev"], pathNot: "node_modules/@types/" },
    },
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    { name: "everything-resolves", severity: "error", from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    // The types, too: a cycle of types is one to its reader.
    tsPreCompilationDeps: true,
    parser: "swc",
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
    },
  },
};

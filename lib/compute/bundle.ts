import { cpSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { AssetHashType, type BundlingOptions } from "aws-cdk-lib";
import { Code, Runtime } from "aws-cdk-lib/aws-lambda";
import type { RouteName, TriggerName } from "../../functions/manifest.ts";
import type { Config } from "../config.ts";
import type { FunctionLine } from "./backends.ts";
import { buildInThread } from "./build-in-thread.ts";
import { rdsAuthorities } from "./rds-authorities.ts";

/** Beside the bundle, so at `/var/task` in Lambda. */
export const CA_FILE = "rds-ca.pem";

const root = join(import.meta.dirname, "../..");

/** The function that reads the SQL files, from beside its module. */
const MIGRATE: TriggerName = "migrate";
const MIGRATIONS = join(root, "data/postgres/migrations");

/** The function that draws logos anew, and what it draws them with. */
const PUT_LOGO: RouteName = "put-logo";
const RESVG = createRequire(import.meta.url).resolve("@resvg/resvg-wasm/index_bg.wasm");

/** Beside the bundle, where `functions/put-logo/resvg.ts` looks for it. */
const WASM_FILE = "resvg.wasm";

/** CommonJS packages call `require`, which a module does not have. Whatever is no module of Node's lies in the bundle. */
const BANNER = "const require=process.getBuiltinModule;";

/**
 * Source maps pay off in background functions, where a stack trace is the only clue. An endpoint would read a megabyte of
 * map at its first error, while a person waits, to name a line that its log already describes.
 */
export function hasSourceMap(line: FunctionLine): boolean {
  return line.startedBy !== undefined;
}

/**
 * A function's code: bundled, minified, and split where the source imports lazily, so that a sandbox parses the
 * database's driver at its first query and the Redis client that is not configured never. (`NodejsFunction` bundles
 * into a single file, which has to be parsed whole.)
 */
export function codeOf(line: FunctionLine, config: Config): Code {
  return Code.fromAsset(folderOf(line), {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Never pulled: the bundler is a package of this project.
      image: Runtime.NODEJS_24_X.bundlingImage,
      local: {
        tryBundle: (output) => {
          bundle(line, output, config);
          return true;
        },
      },
    } satisfies BundlingOptions,
  });
}

function folderOf({ name }: FunctionLine): string {
  return join(root, "functions", name);
}

/** Writes a function's code and the files that it reads into a folder. @throws Error if it can't be bundled */
export function bundle(line: FunctionLine, output: string, config: Config): void {
  buildInThread({
    absWorkingDir: root,
    entryPoints: [join(folderOf(line), "index.ts")],
    outdir: output,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node24",
    minify: true,
    // A module's own ES build is smaller than its CommonJS one, since what is not used can be left out.
    mainFields: ["module", "main"],
    sourcemap: hasSourceMap(line),
    sourcesContent: false,
    banner: { js: BANNER },
    // In place of the manifest, which grows with each endpoint: functions/runtime/own-uses.ts reads it.
    define: { BUNDLED_USES: JSON.stringify(line.uses.join(" ")) },
    // Lambda's own copy of the SDK changes without notice; what was tested is what runs.
    external: [unusedAdapter(config), NATIVE_DRIVER, PASSWORD_FILE],
    logLevel: "warning",
  });
  if (line.uses.includes("postgres"))
    writeFileSync(join(output, CA_FILE), rdsAuthorities(config.region, config.proxy));
  if (line.name === MIGRATE) cpSync(MIGRATIONS, join(output, "migrations"), { recursive: true });
  if (line.name === PUT_LOGO) cpSync(RESVG, join(output, WASM_FILE));
}

/** Reads passwords from a home folder, which the driver asks only where a connection names none. */
const PASSWORD_FILE = "pgpass";

/** The driver's second client, over libpq, which it loads only where it is asked for by name. */
const NATIVE_DRIVER = "*/native";

/** The adapter, with its client, of the Redis that this stage's environment never names. */
function unusedAdapter({ redis }: Config): string {
  return redis === "upstash" ? "*/redis/resp.ts" : "*/redis/upstash.ts";
}

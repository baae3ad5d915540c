import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Endpoint, endpoints, type Trigger, triggers } from "../../functions/manifest.ts";
import { type EnvSource, processEnv } from "../../functions/runtime/env.ts";
import { bundle } from "../../lib/compute/bundle.ts";
import { readConfig } from "../../lib/config.ts";
import { Teardown } from "../local/teardown.ts";
import { invokeBundle } from "./invoke-bundle.ts";
import { startServers } from "./servers.ts";

const LINES: readonly (Endpoint | Trigger)[] = [...endpoints, ...triggers];
const USAGE = `usage: npm run invoke -- <function> [event.json]   (functions: ${LINES.map(({ name }) => name).join(", ")})`;

/** Where the file is not needed: what a schedule or a deployment starts takes no event. */
const NO_EVENT = "{}";

const teardown = new Teardown();
try {
  const [name, file] = process.argv.slice(2);
  const line = LINES.find((candidate) => candidate.name === name);
  if (!line) throw new Error(USAGE);
  if (file !== undefined && !existsSync(file)) throw new Error(`there is no file ${file}`);
  const event: unknown = JSON.parse(file === undefined ? NO_EVENT : readFileSync(file, "utf8"));
  const env = await startServers(line, processEnv, teardown);
  const reply = await invokeBundle(line, bundled(line, env), env, event);
  console.log(JSON.stringify(reply, null, 2) ?? "the function returned nothing");
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await teardown.run();
}

/** The code as it would be uploaded, for the Redis client that the environment names. */
function bundled(line: Endpoint | Trigger, env: EnvSource): string {
  const folder = mkdtempSync(join(tmpdir(), "qr-invoke-"));
  teardown.add(async () => rmSync(folder, { recursive: true }));
  const context: Record<string, string> = { stage: "dev", redis: env.REDIS_URL ? "valkey" : "upstash" };
  bundle(
    line,
    folder,
    readConfig((name) => context[name], { region: "eu-west-1" }),
  );
  return folder;
}

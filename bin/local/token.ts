import { parseArgs } from "node:util";
import { isScope, SCOPES, type Scope } from "../../core/auth/scopes.ts";
import { TENANT_ID } from "../../core/ids.ts";
import { processEnv, readEnv, required } from "../../functions/runtime/env.ts";
import { LOCAL_TOKENS, openTokenIssuer } from "./tokens.ts";

const USAGE = `usage: npm run -s token -- <tenant>… [--scope qr:read] …   (scopes: ${SCOPES.join(", ")}; default: all of them)`;

/** npm writes two lines of its own to stdout before it runs a script, unless it runs with `-s`. */
const NPM_HINT =
  "npm has put lines of its own before the token; `npm run -s token -- …` prints the token alone";

try {
  const { tenants, scopes } = readArguments();
  const env = readEnv(["local", "tenants"], { ...processEnv, ...LOCAL_TOKENS });
  const issuer = await openTokenIssuer(required(env, "DATA_FOLDER"), required(env, "TENANT_CLAIM"));
  console.log(await issuer.issue(tenants, scopes));
  if (isMixedWithNpm()) console.error(NPM_HINT);
} catch (error) {
  // parseArgs adds advice in further lines.
  console.error(error instanceof Error ? error.message.split("\n")[0] : error);
  process.exitCode = 1;
}

function readArguments(): { tenants: string[]; scopes: Scope[] } {
  const { values, positionals } = parseArgs({
    options: { scope: { type: "string", multiple: true } },
    allowPositionals: true,
  });
  if (positionals.length === 0) throw new Error(USAGE);
  const wrong = positionals.find((tenant) => !TENANT_ID.test(tenant));
  if (wrong !== undefined)
    throw new Error(`the tenant ${JSON.stringify(wrong)} must match ${TENANT_ID.source}`);
  return { tenants: positionals, scopes: (values.scope ?? SCOPES).map(asScope) };
}

function asScope(value: string): Scope {
  if (isScope(value)) return value;
  throw new Error(`the scope ${JSON.stringify(value)} is none of ${SCOPES.join(", ")}`);
}

function isMixedWithNpm(): boolean {
  const { npm_lifecycle_event: script, npm_config_loglevel: level } = processEnv;
  return script === "token" && level !== "silent" && !process.stdout.isTTY;
}

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { promisify } from "node:util";
import { freePort } from "../../bin/local/free-port.ts";

const ROOT = join(import.meta.dirname, "../..");
const run = promisify(execFile);

/** What the compiler looks at, and the pages. */
const PARTS: string[] = [
  ...(JSON.parse(readFileSync(join(ROOT, "tsconfig.json"), "utf8")).include as string[]),
  ...["console", "docs", "*.json", "*.md", "*.mjs", ".dependency-cruiser.mjs"],
].flatMap((place) => globSync(place, { cwd: ROOT }));

/** As long as a busy machine may need to start the service or to compile it. */
const DEADLINE_MS = 120_000;

/** The gateway of a changed project. */
export interface ChangedService {
  /** A request on behalf of `tenant_acme`. */
  call(
    path: string,
    init?: { method?: string; json?: unknown; key?: string; token?: null },
  ): Promise<Response>;
  stop(): Promise<void>;
}

/** A copy of this project, to be changed as its next author would. */
export interface ChangedProject {
  folder: string;
  /** Puts `line` in front of the first line that `before` matches. */
  insert(file: string, before: RegExp, line: string): void;
  create(file: string, text: string): void;
  /** The files that were changed or created, sorted. */
  touched(): string[];
  /** Runs a program of this project. @throws Error with its output if it fails */
  run(program: string, ...args: string[]): Promise<string>;
  /** Runs a module that is given as text, in the project's folder. @throws Error with its output if it fails */
  evaluate(code: string, env?: Record<string, string>): Promise<string>;
  /** Starts the local gateway over servers that run already. @throws Error with what it says if it does not start */
  start(servers: { databaseUrl: string; redisUrl: string }): Promise<ChangedService>;
  remove(): void;
}

export function changedProject(): ChangedProject {
  const folder = mkdtempSync(join(tmpdir(), "qr-service-changed-"));
  for (const part of PARTS) cpSync(join(ROOT, part), join(folder, part), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));

  const create = (file: string, text: string) => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  };
  return {
    folder,
    create,
    insert(file, before, line) {
      const lines = readFileSync(join(folder, file), "utf8").split("\n");
      const at = lines.findIndex((text) => before.test(text));
      if (at < 0) throw new Error(`${file} has no line like ${before}`);
      create(file, lines.toSpliced(at, 0, line).join("\n"));
    },
    touched: () =>
      PARTS.flatMap((part) => filesOf(folder, part))
        .filter((file) => textOf(join(folder, file)) !== textOf(join(ROOT, file)))
        .sort(),
    run: (program, ...args) => runNode(folder, [program, ...args]),
    evaluate: (code, env) => runNode(folder, ["--input-type=module", "-e", code], env),
    start: (servers) => startService(folder, servers),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** @throws Error with the program's output if it fails */
async function runNode(cwd: string, args: string[], env: Record<string, string> = {}): Promise<string> {
  try {
    const options = { cwd, env: { PATH: process.env.PATH, ...env }, timeout: DEADLINE_MS };
    return (await run(process.execPath, args, options)).stdout;
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(`${args[0]} failed\n${stdout}\n${stderr}`, { cause: error });
  }
}

function filesOf(folder: string, part: string): string[] {
  if (!statSync(join(folder, part)).isDirectory()) return [part];
  return readdirSync(join(folder, part), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

/** What a file says, whatever the layout of its JSON. */
function textOf(file: string): string | undefined {
  if (!existsSync(file)) return undefined;
  const text = readFileSync(file, "utf8");
  return file.endsWith(".json") ? JSON.stringify(JSON.parse(text)) : text;
}

async function startService(
  cwd: string,
  { databaseUrl, redisUrl }: { databaseUrl: string; redisUrl: string },
): Promise<ChangedService> {
  const port = String(await freePort());
  const env = {
    PATH: process.env.PATH,
    PORT: port,
    DATA_FOLDER: join(cwd, ".local"),
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl,
  };
  const child = spawn(process.execPath, ["bin/local/start.ts"], {
    cwd,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const ended = once(child, "close");
  const token = await new Promise<string>((resolve, reject) => {
    const note = (chunk: Buffer) => {
      output += chunk;
      const printed = /^export TOKEN=(\S+)$[\s\S]*Ctrl-C/m.exec(output)?.[1];
      if (printed) resolve(printed);
    };
    child.stdout.on("data", note);
    child.stderr.on("data", note);
    ended.then(() => reject(new Error(`the gateway ended\n${output}`)));
    setTimeout(() => reject(new Error(`the gateway did not start\n${output}`)), DEADLINE_MS).unref();
  });
  return {
    call: (path, { method = "GET", json, key, token: given = token } = {}) =>
      fetch(`http://localhost:${port}${path}`, {
        method,
        redirect: "manual",
        headers: {
          ...(given === null ? {} : { authorization: `Bearer ${given}` }),
          ...(json === undefined ? {} : { "content-type": "application/json" }),
          ...(key === undefined ? {} : { "idempotency-key": key }),
        },
        ...(json === undefined ? {} : { body: JSON.stringify(json) }),
      }),
    async stop() {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

const ROOT = join(import.meta.dirname, "../..");
const WALKS = join(ROOT, "test/clients/walks");
const DESCRIPTION = join(ROOT, "openapi.json");
/** Tools from the registries, kept between runs. */
const CACHE = join(ROOT, ".local/client-generators");

const PYTHON_TOOLS = ["openapi-python-client==0.29.1", "schemathesis==4.32.5"];
/** The generator needs the API of TypeScript 5, which TypeScript 7 does not have. */
const TYPESCRIPT_TOOLS = ["openapi-typescript@7.13.0", "openapi-fetch@0.17.0", "typescript@5.9.3"];
const GO_GENERATOR = "7.25.0";

/** As long as a registry and a busy machine may take. */
const DEADLINE_MS = 240_000;

const run = promisify(execFile);

async function succeeds(program: string, ...args: string[]): Promise<boolean> {
  return run(program, args, { timeout: DEADLINE_MS }).then(
    () => true,
    () => false,
  );
}

/** The folder of programs of Python that generate clients and attack the service; a reason where there is none. */
export async function pythonTools(): Promise<{ bin: string } | { reason: string }> {
  const bin = join(CACHE, "python/bin");
  if (!(await succeeds("python3", "-m", "venv", join(CACHE, "python"))))
    return { reason: "no python3 with venv on the PATH" };
  const installed = await succeeds(join(bin, "pip"), "install", "-q", ...PYTHON_TOOLS);
  return installed ? { bin } : { reason: `no ${PYTHON_TOOLS.join(", ")}: PyPI was not reached` };
}

/** openapi-generator's jar; a reason where Go, Java, Maven or the jar is missing. */
export async function goGenerator(): Promise<{ jar: string } | { reason: string }> {
  for (const [program, argument = ""] of [
    ["go", "version"],
    ["java", "-version"],
    ["mvn", "-version"],
  ])
    if (!program || !(await succeeds(program, argument))) return { reason: `no ${program} on the PATH` };
  const jar = join(CACHE, `openapi-generator-cli-${GO_GENERATOR}.jar`);
  if (existsSync(jar)) return { jar };
  const artifact = `org.openapitools:openapi-generator-cli:${GO_GENERATOR}`;
  const copied = await succeeds(
    "mvn",
    ...["-q", "-B", "-ntp", "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy"],
    ...[`-Dartifact=${artifact}`, `-DoutputDirectory=${CACHE}`],
  );
  return copied ? { jar } : { reason: `no ${artifact}: Maven Central was not reached` };
}

/** The folder of the modules that the TypeScript walk needs; a reason where there is none. */
export async function typescriptTools(): Promise<{ folder: string } | { reason: string }> {
  const folder = join(CACHE, "typescript");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "private": true, "type": "module" }\n');
  const options = ["--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund", "--no-save"];
  const installed = await succeeds("npm", "install", ...options, ...TYPESCRIPT_TOOLS);
  return installed ? { folder } : { reason: `no ${TYPESCRIPT_TOOLS.join(", ")}: npm was not reached` };
}

export interface WalkServers {
  baseUrl: string;
  token: string;
}

/** Generates the Python client in `folder` and walks with it. @throws Error with what it said if it fails */
export async function walkInPython(bin: string, folder: string, servers: WalkServers): Promise<string> {
  const generator = join(bin, "openapi-python-client");
  const options = ["--path", DESCRIPTION, "--output-path", join(folder, "qr"), "--meta", "none"];
  await run(generator, ["generate", ...options], { timeout: DEADLINE_MS });
  cpSync(join(WALKS, "walk.py"), join(folder, "walk.py"));
  return walk(join(bin, "python"), ["walk.py"], folder, servers);
}

/** Generates types beside the modules, compiles the walk with them and walks. @throws Error with what it said if it fails */
export async function walkInTypeScript(folder: string, servers: WalkServers): Promise<string> {
  const bin = join(folder, "node_modules/.bin");
  const options = { cwd: folder, timeout: DEADLINE_MS };
  await run(join(bin, "openapi-typescript"), [DESCRIPTION, "-o", "schema.d.ts"], options);
  cpSync(join(WALKS, "walk.ts.txt"), join(folder, "walk.ts"));
  const types = ["--typeRoots", join(ROOT, "node_modules/@types"), "--types", "node", "--skipLibCheck"];
  const modules = ["--module", "esnext", "--moduleResolution", "bundler", "--target", "es2022"];
  await run(join(bin, "tsc"), ["--strict", ...modules, ...types, "walk.ts"], options);
  return walk(process.execPath, ["walk.js"], folder, servers);
}

/** Generates the Go client in `folder`, compiles it and walks with it. @throws Error with what it said if it fails */
export async function walkInGo(jar: string, folder: string, servers: WalkServers): Promise<string> {
  const parts = "apiTests=false,modelTests=false,apiDocs=false,modelDocs=false";
  await run(
    "java",
    [
      ...["-jar", jar, "generate", "-g", "go", "-i", DESCRIPTION, "-o", folder],
      ...["--global-property", parts, "--additional-properties", "packageName=qr,withGoMod=false"],
    ],
    { timeout: DEADLINE_MS },
  );
  writeFileSync(join(folder, "go.mod"), "module qr\n\ngo 1.23\n");
  mkdirSync(join(folder, "walk"));
  cpSync(join(WALKS, "main.go"), join(folder, "walk/main.go"));
  return walk("go", ["run", "./walk"], folder, servers);
}

async function walk(
  program: string,
  args: string[],
  cwd: string,
  { baseUrl, token }: WalkServers,
): Promise<string> {
  const env = { ...process.env, BASE_URL: baseUrl, TOKEN: token };
  const { stdout } = await run(program, args, { cwd, env, timeout: DEADLINE_MS });
  return stdout.trim();
}

/**
 * Attacks a running service with schemathesis, in one thread: Python 3.11 parses code in several at a time with a
 * `SystemError` (https://github.com/python/cpython/issues/106905). @throws Error with its report if it finds a server error, an undescribed
 * status, media type or body
 */
export async function attack(bin: string, servers: WalkServers, examples: number): Promise<void> {
  await run(
    join(bin, "schemathesis"),
    [
      ...["run", DESCRIPTION, "--url", servers.baseUrl, "--max-examples", String(examples), "--seed", "1"],
      ...["--header", `Authorization: Bearer ${servers.token}`, "--workers", "1", "--no-color"],
      ...["--checks", "all", "--exclude-checks", EXCLUDED],
    ],
    { cwd: CACHE, timeout: 4 * DEADLINE_MS, maxBuffer: 64 * 1024 * 1024 },
  ).catch((error: { stdout?: string; stderr?: string }) => {
    throw new Error(`${error.stdout ?? error}`.slice(-28_000));
  });
}

/**
 * That whatever fits the schema is accepted: which URLs a browser takes, which colours a scanner tells apart, the years of
 * a time and the order of two of them are no JSON Schema's to say. The descriptions say it.
 */
const EXCLUDED = "positive_data_acceptance";

import { createHash, randomUUID } from "node:crypto";
import {
  existsSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join, relative } from "node:path";

const ROOT = join(import.meta.dirname, "../..");
const SOURCES = join(ROOT, "console");

/** Where built consoles lie, each in a folder named after its sources. */
const BUILT = join(ROOT, "dist/console");

/** What the built files follow from, beside the sources. */
const OTHERS = ["package.json", "bin/console/build.ts"];

/** How long a built console is kept that later sources have replaced, in milliseconds. */
const KEPT_MS = 86_400_000;

/** Browsers of the last years: they know what the console's CSS and JavaScript use. */
const TARGET = ["chrome123", "firefox121", "safari17.5"];

/**
 * Builds the console unless it is built of these sources already, as it is in a container, which has no builder. Several
 * processes may do so at the same time.
 *
 * @returns the folder: `index.html`, and `assets/` whose names hold a hash of their content
 */
export function buildConsole(): Promise<string> {
  building ??= build();
  return building;
}

/** One build at a time: the builder ends its own process for all that use it. */
let building: Promise<string> | undefined;

async function build(): Promise<string> {
  const folder = join(BUILT, sourcesKey());
  if (existsSync(folder)) return folder;
  const unfinished = join(ROOT, "dist", `console-${randomUUID()}`);
  mkdirSync(unfinished, { recursive: true });
  try {
    const names = await bundle(unfinished);
    const page = readFileSync(join(SOURCES, "index.html"), "utf8");
    writeFileSync(
      join(unfinished, "index.html"),
      page.replace(/\{\{(\w+)\}\}/g, (_whole, name) => names[name] ?? ""),
    );
    mkdirSync(BUILT, { recursive: true });
    removeOld();
    renameSync(unfinished, folder);
  } catch (error) {
    // Another process that had it ready first has built the same.
    if (!existsSync(folder)) throw error;
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return folder;
}

/** @returns the addresses that the page names, by their placeholders */
async function bundle(folder: string): Promise<Record<string, string>> {
  // Loaded here alone: a container has the console already, and no builder.
  const esbuild = await import("esbuild");
  const { metafile } = await esbuild.build({
    absWorkingDir: ROOT,
    entryPoints: { app: "console/main.tsx", styles: "console/styles/index.css" },
    outdir: join(folder, "assets"),
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    minify: true,
    target: TARGET,
    // What the compiler checks by is not needed to build, nor there in a container.
    tsconfigRaw: {},
    jsx: "automatic",
    jsxImportSource: "preact",
    legalComments: "none",
    metafile: true,
    logLevel: "warning",
  });
  await esbuild.stop();
  const outputs = Object.entries(metafile.outputs);
  const placeOf = (entry: string) => {
    const [file] = outputs.find(([, { entryPoint }]) => entryPoint === entry) ?? [""];
    return relative(folder, join(ROOT, file));
  };
  const app = "console/main.tsx";
  const needed = staticImports(metafile.outputs, app).map((file) => relative(folder, join(ROOT, file)));
  const preloads = needed.map((file) => `<link rel="modulepreload" href="${file}">`).join("\n");
  return { app: placeOf(app), styles: placeOf("console/styles/index.css"), preloads };
}

/** Another process may be reading one that was built a moment ago. */
function removeOld(): void {
  for (const name of readdirSync(BUILT)) {
    const folder = join(BUILT, name);
    const { mtimeMs = Date.now() } = statSync(folder, { throwIfNoEntry: false }) ?? {};
    if (mtimeMs < Date.now() - KEPT_MS) rmSync(folder, { recursive: true, force: true });
  }
}

type Outputs = Record<string, { entryPoint?: string; imports: { path: string; kind: string }[] }>;

/** The chunks that the entry can't start without. */
function staticImports(outputs: Outputs, entry: string): string[] {
  const start = Object.keys(outputs).find((file) => outputs[file]?.entryPoint === entry) ?? "";
  const found = new Set<string>();
  const follow = (file: string) => {
    for (const { path, kind } of outputs[file]?.imports ?? []) {
      if (kind !== "import-statement" || found.has(path)) continue;
      found.add(path);
      follow(path);
    }
  };
  follow(start);
  return [...found];
}

function sourcesKey(): string {
  const hash = createHash("sha256");
  const files = [...globSync("console/**/*", { cwd: ROOT, withFileTypes: true })]
    .filter((entry) => entry.isFile())
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)));
  for (const file of [...files, ...OTHERS].sort()) hash.update(file).update(readFileSync(join(ROOT, file)));
  return hash.digest("hex").slice(0, 16);
}

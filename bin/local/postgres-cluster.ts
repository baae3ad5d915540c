import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { usable } from "./data-folder.ts";
import { findPostgres, type PostgresBinaries } from "./postgres-binaries.ts";
import { launch, type RunAs } from "./server-process.ts";

const INITDB_DEADLINE_MS = 120_000;
const NOBODY = 65_534;

/** A data folder that a server can be started on. */
export interface Cluster {
  binaries: PostgresBinaries;
  /** The server's own folder, inside the data folder. */
  data: string;
  password: string;
  as: RunAs | undefined;
}

/**
 * Opens the cluster in `folder`, or makes it there: `data` (Postgres's own), `password` (mode 600).
 *
 * @param durable whether a power cut right after this may not lose the new cluster; costs about 0.3 s
 * @throws Error, one line, if the folder can't be used or holds another major version's cluster
 */
export async function openCluster(
  folder: string,
  durable: boolean,
  onProgress: (line: string) => void,
): Promise<Cluster> {
  const data = join(folder, "data");
  const passwordFile = join(folder, "password");
  const as = unprivilegedUser(data);
  const binaries = findPostgres(as, onProgress);
  const made = usable(
    folder,
    () => existsSync(data) && readFileSync(join(data, "PG_VERSION"), "utf8").trim(),
  );
  if (made && made !== binaries.major) {
    throw new Error(
      `${data} was made by Postgres ${made}, this is ${binaries.major}: move it away or delete it`,
    );
  }
  if (!made) {
    onProgress(`making a Postgres ${binaries.major} cluster in ${data}`);
    await initdb({ folder, data, passwordFile, as, binaries, durable });
  }
  const password = usable(folder, () => readFileSync(passwordFile, "utf8").trim());
  return { binaries, data, password, as };
}

/**
 * How a server that runs as `as` reaches a folder or file of this process: Linux lets it pass through an
 * inherited descriptor, whatever the modes of the folders above it, which are not ours to change.
 */
export function handOver(paths: string[], as: RunAs | undefined) {
  const inherited = as !== undefined && process.platform === "linux";
  const descriptors = inherited ? paths.map((path) => openSync(path, "r")) : [];
  return {
    descriptors,
    paths: inherited ? paths.map((_, index) => `/proc/self/fd/${3 + index}`) : paths,
    close: () => descriptors.forEach(closeSync),
  };
}

/** Postgres refuses to run as root: whom to run it as, or undefined if this process isn't root. */
function unprivilegedUser(data: string): RunAs | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const owner = statSync(data, { throwIfNoEntry: false });
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  return lookUp("postgres") ?? lookUp("nobody") ?? { uid: NOBODY, gid: NOBODY };
}

function lookUp(name: string): RunAs | undefined {
  const [uid, gid] = ["-u", "-g"].map((flag) => {
    const { stdout, status } = spawnSync("id", [flag, name], { encoding: "utf8" });
    return status === 0 ? Number(stdout) : undefined;
  });
  return uid !== undefined && gid !== undefined ? { uid, gid } : undefined;
}

interface NewCluster extends Omit<Cluster, "password"> {
  folder: string;
  passwordFile: string;
  durable: boolean;
}

async function initdb({ folder, data, passwordFile, as, binaries, durable }: NewCluster): Promise<void> {
  // Renamed once it is complete, so that an interrupted run leaves no half a cluster.
  const unfinished = `${data}.new`;
  const handed = usable(folder, () => {
    rmSync(unfinished, { recursive: true, force: true });
    mkdirSync(unfinished, { mode: 0o700 });
    rmSync(passwordFile, { force: true });
    writeFileSync(passwordFile, randomBytes(24).toString("base64url"), { mode: 0o600 });
    if (as) for (const path of [unfinished, passwordFile]) chownSync(path, as.uid, as.gid);
    return handOver([unfinished, passwordFile], as);
  });
  const [pgdata, pwfile] = handed.paths;
  const args = [
    `--pgdata=${pgdata}`,
    `--pwfile=${pwfile}`,
    "--username=postgres",
    "--auth=scram-sha-256",
    // Unicode case rules and code point order, the same on every machine.
    ...["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"],
    ...(durable ? [] : ["--no-sync"]),
  ];
  const log = join(folder, "initdb.log");
  const { descriptors } = handed;
  const run = await launch({ command: binaries.initdb, args, endSignal: "SIGINT", log, as, descriptors });
  handed.close();
  const timer = setTimeout(run.kill, INITDB_DEADLINE_MS);
  await run.ended;
  clearTimeout(timer);
  if (run.ending !== "exit code 0") throw new Error(`initdb ended with ${run.ending}: ${run.tail()}`);
  usable(folder, () => renameSync(unfinished, data));
}

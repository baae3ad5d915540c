import { basename, dirname, extname, join } from "node:path";
import type { ImportQuery } from "../../../clients/typescript/src/index.ts";
import type { EnvSource } from "../../../functions/runtime/env.ts";
import { connect, serviceUrl } from "../parts/connect.ts";
import { EXIT, onInterrupt } from "../parts/exit.ts";
import { givenPath } from "../parts/paths.ts";
import { numberText, progressOn } from "../parts/progress.ts";
import { tenantOf } from "../parts/tenant.ts";
import { type Counts, countsText } from "./counts.ts";
import { countRows, type ImportOptions, importFile, problemText, type Watcher } from "./import-file.ts";
import { hashOf, type Identity, Journal } from "./journal.ts";

export interface ImportCommandOptions {
  onConflict: "fail" | "update" | "skip";
  dryRun?: true;
  atomic?: true;
  failed?: string;
  results?: string;
  chunkRows: number;
  anew?: true;
}

/** Failed rows that are named one by one; all of them are in the file. */
const NAMED = 20;

/** The command `import`, from its options to its exit code. */
export async function runImport(env: EnvSource, file: string, given: ImportCommandOptions): Promise<void> {
  const { onConflict, chunkRows, dryRun, atomic, anew = false } = given;
  const path = givenPath(env, file);
  const progress = progressOn(process.stderr, "rows");
  const client = connect(env, progress.say);
  const mode = atomic ? "atomic" : "partial";
  const options: ImportOptions = {
    path,
    chunkRows,
    query: { mode, onConflict },
    failedPath: given.failed === undefined ? failedPathOf(path) : givenPath(env, given.failed),
    resultsPath: given.results === undefined ? undefined : givenPath(env, given.results),
  };
  const identity: Identity = {
    file: await hashOf(path),
    service: serviceUrl(env),
    tenant: tenantOf(env),
    onConflict,
    mode,
    chunkRows,
  };
  const failures = new FailureList(progress.say);
  const watcher: Watcher = {
    progress,
    total: await countRows(path, chunkRows),
    onFailedRow: (row) => failures.add(row.line, problemText(row.problems)),
  };
  const check = async () => {
    onInterrupt(() => "Interrupted; nothing was changed.");
    const query: ImportQuery = { mode: "partial", onConflict, dryRun: "true" };
    const counts = await importFile(client, { ...options, query, resultsPath: undefined }, watcher);
    progress.end();
    return counts;
  };

  if (dryRun) {
    const counts = await check();
    return report(`${file}: nothing was changed; there would be ${countsText(counts)}`, counts, EXIT.partial);
  }
  const journal = Journal.open(journalOf(path), identity, anew);
  const { position } = journal;
  if (journal.finished) {
    const counted = countsText(position.counts);
    console.error(
      `${file} was imported already (${journal.finished}), ${counted}; --anew imports it once more`,
    );
    process.exitCode = position.counts.failed > 0 ? EXIT.partial : EXIT.done;
    return;
  }
  if (atomic && journal.isUntouched) {
    const counts = await check();
    if (counts.failed > 0) {
      journal.forget();
      return report(
        `${file}: nothing was changed; there would be ${countsText(counts)}`,
        counts,
        EXIT.failed,
      );
    }
  }

  const soFar = () => numberText(journal.position.rows);
  if (position.rows > 0) progress.say(`${file}: going on behind row ${soFar()}`);
  onInterrupt(() => `Interrupted; ${soFar()} rows are done. The same command goes on with the next one.`);
  try {
    const counts = await importFile(client, options, watcher, { journal, identity });
    progress.end();
    const isRefused = atomic && counts.failed > 0;
    if (!isRefused) journal.finish();
    else if (journal.position.rows === 0) journal.forget();
    report(`${file}: ${countsText(counts)}`, counts, isRefused ? EXIT.failed : EXIT.partial);
  } catch (error) {
    progress.end();
    if (journal.position.rows > 0)
      console.error(`${file}: ${soFar()} rows are done; the same command goes on with the next one`);
    throw error;
  }

  function report(line: string, counts: Counts, exitCode: number): void {
    failures.end();
    console.error(line);
    if (counts.failed === 0) return;
    console.error(
      `${given.failed ?? relativeTo(file, options.failedPath)} has the failed rows: mend them, and import that file`,
    );
    process.exitCode = exitCode;
  }
}

/** The first failed rows, one by one. */
class FailureList {
  #count = 0;
  readonly #say: (line: string) => void;

  constructor(say: (line: string) => void) {
    this.#say = say;
  }

  add(line: number, problems: string): void {
    this.#count += 1;
    if (this.#count <= NAMED) this.#say(`line ${line}, ${problems}`);
  }

  end(): void {
    if (this.#count > NAMED) this.#say(`… and ${numberText(this.#count - NAMED)} more`);
  }
}

const journalOf = (path: string) => `${path}.qr-import.jsonl`;

/** Of `codes.csv` `codes.failed.csv`, and of that `codes.failed.2.csv`: what is read is never written. */
function failedPathOf(path: string): string {
  const ending = extname(path);
  const stem = basename(path, ending);
  const [, first = stem, count] = /^(.*)\.failed(?:\.(\d+))?$/.exec(stem) ?? [];
  const next = first === stem ? "" : `.${Number(count ?? 1) + 1}`;
  return join(dirname(path), `${first}.failed${next}${ending || ".csv"}`);
}

const relativeTo = (file: string, path: string) => join(dirname(file), basename(path));

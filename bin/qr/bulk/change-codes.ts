import { type Command, InvalidArgumentError } from "commander";
import type { EnvSource } from "../../../functions/runtime/env.ts";
import { connect } from "../parts/connect.ts";
import { EXIT, onInterrupt } from "../parts/exit.ts";
import { numberText, progressOn } from "../parts/progress.ts";
import { type Action, changeSlice, type Outcome } from "./change-slice.ts";
import { givenIds } from "./given-ids.ts";

/** Most codes of a call. */
const MAX_CODES = 10_000;

export interface ChangeOptions extends Record<string, unknown> {
  from?: string;
  dryRun?: boolean;
  chunkCodes: number;
}

/** What is printed of a code that was changed, that would be, and that needed no change. */
export interface Words {
  done: string;
  wouldBe: string;
  undone: string;
}

/** Gives a command what says which codes are meant, and how they are changed. */
export function addCodeArguments(command: Command): Command {
  return command
    .argument("[qrId...]", "the codes")
    .option("--from <file>", "more codes: an ID on each line, or the column qrId of a CSV file")
    .option("--dry-run", "tells what would become of each code, and changes nothing")
    .option("--chunk-codes <number>", `codes of a call, 1 to ${MAX_CODES}`, chunkCodes, MAX_CODES);
}

/**
 * Does something to the codes that a command was given, in calls of thousands, and says what became of each. The command
 * can be repeated after it was interrupted: what is done already needs no change.
 */
export async function changeCodes(
  env: EnvSource,
  args: readonly string[],
  { from, dryRun = false, chunkCodes: size }: ChangeOptions,
  action: Action,
  words: Words,
): Promise<void> {
  const ids = await givenIds(env, args, from);
  const progress = progressOn(process.stderr, "codes");
  const client = connect(env, progress.say);
  let [done, failed] = [0, 0];
  const soFar = () =>
    `${numberText(done)} of ${numberText(ids.length)} codes are done; the same command goes on`;
  onInterrupt(() => (dryRun ? "Interrupted; nothing was changed." : `Interrupted; ${soFar()}.`));
  try {
    while (done < ids.length) {
      progress.update(done, ids.length);
      const slice = ids.slice(done, done + size);
      const outcomes = await changeSlice(client, slice, action, dryRun);
      done += slice.length;
      progress.end();
      failed += print(slice, outcomes, dryRun ? { ...words, done: words.wouldBe } : words);
    }
  } catch (error) {
    progress.end();
    if (done > 0 && !dryRun) console.error(soFar());
    throw error;
  }
  if (failed > 0) process.exitCode = failed === ids.length ? EXIT.failed : EXIT.partial;
}

/** @returns how many failed */
function print(
  qrIds: readonly string[],
  outcomes: Map<string, Outcome>,
  words: Omit<Words, "wouldBe">,
): number {
  const [lines, failures]: [string[], string[]] = [[], []];
  for (const qrId of qrIds) {
    const outcome = outcomes.get(qrId) ?? { result: "failed", reason: "the service did not tell of it" };
    if (outcome.result === "failed") failures.push(`${qrId}: ${outcome.reason}`);
    else lines.push(`${qrId}\t${words[outcome.result]}`);
  }
  if (lines.length > 0) process.stdout.write(`${lines.join("\n")}\n`);
  if (failures.length > 0) process.stderr.write(`${failures.join("\n")}\n`);
  return failures.length;
}

function chunkCodes(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) < 1 || Number(text) > MAX_CODES)
    throw new InvalidArgumentError(`It must be 1 to ${MAX_CODES}.`);
  return Number(text);
}

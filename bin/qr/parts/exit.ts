/** How a command ended. */
export const EXIT = {
  done: 0,
  /** It failed, or did not finish. */
  failed: 1,
  /** It finished, and a part of it failed. */
  partial: 2,
  /** Ctrl-C, as shells have it: 128 and the number of the signal. */
  interrupted: 130,
} as const;

/** A failure whose message is all that its reader needs. */
export class Failure extends Error {
  override readonly name = "Failure";
}

/**
 * Ends the process at once on Ctrl-C. Whatever a command writes bears being killed, so that nothing needs to be
 * finished first; npm hands a signal on that the terminal has sent already, and so it may come twice.
 *
 * @param howToGoOn one line for whoever interrupted it
 */
export function onInterrupt(howToGoOn: () => string): void {
  if (sayHow === undefined) for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, end);
  sayHow = howToGoOn;
}

let sayHow: (() => string) | undefined;

function end(): void {
  process.stderr.write(`\n${sayHow?.()}\n`);
  process.exit(EXIT.interrupted);
}

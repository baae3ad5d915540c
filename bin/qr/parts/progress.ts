/** Where progress is shown: standard error, since standard output may be a file. */
export interface Screen {
  write(text: string): unknown;
  isTTY?: boolean | undefined;
  columns?: number | undefined;
}

export interface Progress {
  /** Shows how far it is. A total that is not known yet is left out. */
  update(done: number, total?: number): void;
  /** Shows a line of its own above the bar. */
  say(line: string): void;
  /** Takes the bar away. */
  end(): void;
}

/** A terminal is drawn anew at most so often, and a log gets a line at most so often, in milliseconds. */
const REDRAW_MS = 100;
const LINE_MS = 10_000;

const BAR_WIDTH = 24;

/**
 * The progress of a long piece of work: a bar on a terminal, and elsewhere a line every ten seconds.
 *
 * @param unit what is counted, as "codes"
 * @param now milliseconds of a clock that only goes forward
 */
export function progressOn(
  screen: Screen,
  unit: string,
  now: () => number = () => performance.now(),
): Progress {
  const started = now();
  const isTerminal = screen.isTTY === true;
  let shownAt = isTerminal ? Number.NEGATIVE_INFINITY : started;
  let shown = "";

  const clear = () => {
    if (isTerminal && shown !== "") screen.write("\r\u001b[K");
    shown = "";
  };
  const draw = (text: string) => {
    shownAt = now();
    if (!isTerminal) {
      screen.write(`${text}\n`);
      return;
    }
    // A line that wraps can't be drawn over. A terminal that nobody looks at, as a container's may be, has a width of 0.
    shown = text.slice(0, Math.max(20, (screen.columns || 80) - 1));
    screen.write(`\r\u001b[K${shown}`);
  };

  return {
    update(done, total) {
      const isDue = now() - shownAt >= (isTerminal ? REDRAW_MS : LINE_MS);
      if (isDue || (isTerminal && done === total))
        draw(lineOf({ done, total, unit, ms: now() - started }, isTerminal));
    },
    say(line) {
      const bar = shown;
      clear();
      screen.write(`${line}\n`);
      if (bar !== "") draw(bar);
    },
    end: clear,
  };
}

interface State {
  done: number;
  total: number | undefined;
  unit: string;
  ms: number;
}

function lineOf({ done, total, unit, ms }: State, withBar: boolean): string {
  const counted = `${numberText(done)}${total === undefined ? "" : ` of ${numberText(total)}`} ${unit}`;
  const elapsed = `${Math.round(ms / 1_000)} s`;
  if (total === undefined || total === 0) return `${counted}, ${elapsed}`;
  const share = Math.min(1, done / total);
  const percent = `${Math.floor(share * 100)} %`;
  const left = done > 0 && share < 1 ? `, ${Math.ceil((ms * (1 - share)) / share / 1_000)} s left` : "";
  if (!withBar) return `${percent}: ${counted}, ${elapsed}${left}`;
  const filled = Math.round(share * BAR_WIDTH);
  const bar = "█".repeat(filled) + "░".repeat(BAR_WIDTH - filled);
  return `${bar} ${percent.padStart(5)}  ${counted}, ${elapsed}${left}`;
}

export const numberText = (value: number) => value.toLocaleString("en-US");

import { collectLine } from "./log-recorder.ts";

/** The structured lines that this process would write while `work` runs. They are collected, and not printed. */
export async function writtenDuring(work: () => Promise<unknown>): Promise<string[]> {
  const lines: string[] = [];
  // Warnings and errors go to the standard error.
  const restore = [process.stdout, process.stderr].map((stream) => {
    const write = stream.write;
    stream.write = ((chunk: Uint8Array | string, ...rest: []) => {
      const found = linesOf(chunk);
      found.forEach(collectLine);
      lines.push(...found);
      return found.length > 0 || write.call(stream, chunk, ...rest);
    }) as typeof write;
    return () => {
      stream.write = write;
    };
  });
  try {
    await work();
  } finally {
    for (const undo of restore) undo();
  }
  return lines;
}

/** Those of a chunk of output that look like JSON. */
export function linesOf(chunk: Uint8Array | string): string[] {
  return String(chunk)
    .split("\n")
    .filter((line) => line.startsWith("{"));
}

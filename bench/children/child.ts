import type { Question, Told } from "../child-process.ts";

const tell = (message: Told) => process.send?.(message);

/** The child's half of `startChild`: reports the port and answers requests until it is stopped or its parent is gone. */
export function serveParent(
  port: number,
  close: () => Promise<unknown>,
  setClock: (now: number) => void = () => {},
): void {
  const stop = () => close().finally(() => process.exit(0));
  process.on("disconnect", stop);
  process.on("message", (question: Question) => {
    if (question === "stop") {
      void stop();
      return;
    }
    if (typeof question === "object") {
      setClock(question.clock);
      tell(question);
      return;
    }
    const { user, system } = process.cpuUsage();
    tell({ cpuMicros: user + system });
  });
  tell({ port });
}

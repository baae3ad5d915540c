import { QrServiceError } from "../../../clients/typescript/src/index.ts";
import { EXIT } from "./exit.ts";
import { explain } from "./explain.ts";

/**
 * Does something with each of some codes, one after another, and says what became of each. A code that is refused does
 * not keep the others; whatever would refuse all of them ends it.
 */
export async function eachCode(
  qrIds: readonly string[],
  work: (qrId: string) => Promise<string>,
): Promise<void> {
  let failed = 0;
  for (const qrId of new Set(qrIds)) {
    try {
      console.log(await work(qrId));
    } catch (error) {
      if (!(error instanceof QrServiceError) || ![400, 404, 409, 412, 422].includes(error.status))
        throw error;
      failed += 1;
      console.error(`${qrId}: ${explain(error)}`);
    }
  }
  if (failed > 0) process.exitCode = failed === new Set(qrIds).size ? EXIT.failed : EXIT.partial;
}

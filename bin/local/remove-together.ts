import { type ConfirmedInvalidations, removeAtOnce } from "../../data/confirmed-invalidations.ts";
import { REPLAY_GRACE_MS } from "../../data/postgres/pending-invalidations.ts";
import type { Services } from "../../functions/runtime/services.ts";

/** In milliseconds: a tenth of the age at which they would be replayed. */
const WAIT_MS = REPLAY_GRACE_MS / 10;

/**
 * Deletes the confirmed invalidations of many changes in one statement, after they were acknowledged: a process that goes
 * on running can, and each change is spared a transaction.
 *
 * @returns services that on closing delete what still waits
 */
export function removeTogether<T extends Pick<Services, "db" | "log" | "confirmed" | "close">>(
  services: T,
): T {
  const atOnce = removeAtOnce(services);
  let waiting: number[] = [];
  let timer: NodeJS.Timeout | undefined;

  async function removeWaiting(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const ids = waiting;
    waiting = [];
    if (ids.length > 0) await atOnce.remove(ids);
  }

  const confirmed: ConfirmedInvalidations = {
    async remove(ids) {
      waiting.push(...ids);
      timer ??= setTimeout(() => void removeWaiting(), WAIT_MS);
    },
  };
  const close = async () => {
    await removeWaiting();
    await services.close();
  };
  return { ...services, confirmed, close };
}

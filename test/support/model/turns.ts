import { setImmediate as untilIdle } from "node:timers/promises";
import type { Scheduler } from "fast-check";

/** Decides whose step is next. Nothing else happens while a step is under way. */
export interface Turns {
  /** Waits for its turn and then works. `id` names the step in every order that it may come in. */
  next(id: string, label: string, work: () => Promise<void>): Promise<void>;
}

/** Turns in a scheduler's order, which is noted in `order`. */
export function scheduledTurns(scheduler: Scheduler, order: string[]): Turns {
  return {
    async next(id, label, work) {
      const builder = () => {
        order.push(id);
        return work();
      };
      await scheduler.scheduleSequence([{ label, builder }]).task;
    },
  };
}

interface Waiting {
  place: number;
  go: () => Promise<void>;
}

/**
 * Turns in an order that was noted before, for clients who do only a part of what they did then: the steps that
 * remain keep their order. A client that now takes more steps takes them right after its last one in the order.
 */
export class ReplayedTurns implements Turns {
  readonly #places: Map<string, number>;
  readonly #lastPlaces = new Map<string, number>();
  #waiting: Waiting[] = [];

  constructor(order: string[]) {
    this.#places = new Map(order.map((id, place) => [id, place]));
  }

  next(id: string, _label: string, work: () => Promise<void>): Promise<void> {
    const [operation = ""] = id.split(".");
    const place = this.#places.get(id) ?? this.#lastPlaces.get(operation) ?? 0;
    this.#lastPlaces.set(operation, place);
    return new Promise((resolve) => {
      this.#waiting.push({ place, go: () => work().then(resolve) });
    });
  }

  /** Gives turns until `done` resolves. */
  async giveUntil(done: Promise<void>): Promise<void> {
    let isDone = false;
    const ending = done.finally(() => {
      isDone = true;
    });
    while (!isDone) {
      await untilIdle();
      const first = this.#waiting.reduce<Waiting | undefined>(
        (least, waiting) => (least && least.place <= waiting.place ? least : waiting),
        undefined,
      );
      this.#waiting = this.#waiting.filter((waiting) => waiting !== first);
      await first?.go();
    }
    await ending;
  }
}

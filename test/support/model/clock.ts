import { DAY_MS } from "../../../core/utc-date.ts";

/** Brings a link that was just filled to the time at which it is to be refreshed. */
const LINK_AGES_MS = 1_745_000;

/** The services' clock. It moves with each look at it, and stays within one UTC day. */
export class Clock {
  #now = Math.floor(Date.now() / DAY_MS) * DAY_MS;
  readonly #end = this.#now + DAY_MS - LINK_AGES_MS - 1_000_000;

  readonly now = (): number => {
    this.#now += 1;
    return this.#now;
  };

  letLinksAge(): void {
    if (this.#now < this.#end) this.#now += LINK_AGES_MS;
  }
}

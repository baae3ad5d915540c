import { wrongType } from "./reply.ts";

/** `<milliseconds>-<sequence>`: what orders the entries of a stream. */
export interface StreamId {
  ms: number;
  seq: number;
}

export interface StreamEntry {
  id: StreamId;
  /** Names and values by turns. */
  fields: string[];
}

/** What a key holds. `lastId` outlives the entry it was given to, so that IDs grow for ever. */
export type Value =
  | { type: "string"; text: string }
  | { type: "hash"; fields: Map<string, string> }
  | { type: "stream"; entries: StreamEntry[]; lastId: StreamId };

export type ValueOf<T extends Value["type"]> = Extract<Value, { type: T }>;

interface Slot {
  value: Value;
  /** Unix milliseconds. */
  expiresAt: number | undefined;
  /** Grows with each key that is added. SCAN's cursor is the serial of the last key it returned. */
  serial: number;
}

/** The keys and their values. A key past its expiry is absent for every method. */
export class Store {
  /** In the order of the serials. */
  readonly #slots = new Map<string, Slot>();
  readonly #clock: () => number;
  #serial = 0;

  /** Unix milliseconds at the start of the running command; a script sees one moment from start to end. */
  now: number;

  constructor(clock: () => number) {
    this.#clock = clock;
    this.now = clock();
  }

  /** Starts a command: takes the time. */
  tick(): void {
    this.now = this.#clock();
  }

  get(key: string): Value | undefined {
    return this.#slot(key)?.value;
  }

  /** The value of a key that must hold `type` if it is there. Throws WRONGTYPE. */
  find<T extends Value["type"]>(key: string, type: T): ValueOf<T> | undefined {
    const value = this.get(key);
    if (value !== undefined && value.type !== type) throw wrongType();
    return value as ValueOf<T> | undefined;
  }

  /** Stores a value with its expiry (none, if left out), whatever the key held before. */
  put(key: string, value: Value, expiresAt?: number): void {
    const slot = this.#slot(key);
    this.#slots.set(key, { value, expiresAt, serial: slot?.serial ?? ++this.#serial });
  }

  /** Removes a key; says whether it was there. */
  delete(key: string): boolean {
    return this.#slot(key) !== undefined && this.#slots.delete(key);
  }

  clear(): void {
    this.#slots.clear();
  }

  /** When the key expires, in Unix milliseconds, if it ever does. */
  expiry(key: string): number | undefined {
    return this.#slot(key)?.expiresAt;
  }

  /** Sets or, with `undefined`, removes the expiry of a key that is there. */
  expire(key: string, at: number | undefined): void {
    const slot = this.#slot(key);
    if (slot) slot.expiresAt = at;
  }

  /** Up to `count` keys behind a cursor (0 at the start), and the next cursor (0 at the end). */
  scan(cursor: number, count: number): { keys: string[]; next: number } {
    const keys: string[] = [];
    let last = 0;
    for (const [key, { serial }] of this.entries()) {
      if (serial <= cursor) continue;
      if (keys.length === count) return { keys, next: last };
      keys.push(key);
      last = serial;
    }
    return { keys, next: 0 };
  }

  /** Every key with what it holds, in the order in which they were added. */
  *entries(): Generator<[string, Readonly<Slot>]> {
    for (const entry of this.#slots) if (!this.#isExpired(entry[1])) yield entry;
  }

  /** Removes the expired keys and returns how many are left. */
  sweep(): number {
    for (const [key, slot] of this.#slots) if (this.#isExpired(slot)) this.#slots.delete(key);
    return this.#slots.size;
  }

  #slot(key: string): Slot | undefined {
    const slot = this.#slots.get(key);
    if (slot === undefined || !this.#isExpired(slot)) return slot;
    this.#slots.delete(key);
    return undefined;
  }

  #isExpired(slot: Slot): boolean {
    return slot.expiresAt !== undefined && slot.expiresAt < this.now;
  }
}

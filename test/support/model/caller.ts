import { AsyncLocalStorage } from "node:async_hooks";
import { type Action, describeAction } from "./actions.ts";
import type { Operation } from "./history.ts";

/** A client that lets so many turns pass before each of these of its calls, counted from 0. */
export interface Pause {
  calls: number[];
  turns: number;
}

/** What a client is to do. */
export interface Request {
  client: string;
  action: Action;
  pause: Pause | undefined;
}

/** A request with the name that its steps have in an order of turns. */
export interface NamedRequest {
  id: string;
  request: Request;
}

export function describeRequest({ client, action, pause }: Request): string {
  const when = pause
    ? `; pauses for ${pause.turns} turns before call ${pause.calls.map((call) => call + 1).join(" and ")}`
    : "";
  return `${client}: ${describeAction(action)}${when}`;
}

/** On whose behalf code runs. */
export class Caller {
  readonly operation: Operation;
  readonly #id: string;
  readonly #pause: Pause | undefined;
  #calls = 0;
  #steps = 0;

  constructor(operation: Operation, id: string, pause: Pause | undefined) {
    this.operation = operation;
    this.#id = id;
    this.#pause = pause;
  }

  nextStep(): string {
    return `${this.#id}.${this.#steps++}`;
  }

  /** How many turns to let pass before the next call. */
  nextPause(): number {
    const call = this.#calls++;
    return this.#pause?.calls.includes(call) ? this.#pause.turns : 0;
  }
}

export const currentCaller = new AsyncLocalStorage<Caller>();

import { setTimeout as sleep } from "node:timers/promises";
import { BROWSERS } from "../user-agents.ts";
import { Connection } from "./connection.ts";

/** Before a client tries again after a broken or refused connection, in milliseconds. */
const RETRY_MS = 100;

/** Between looks at how far it is, in milliseconds. */
const POLL_MS = 5;

export interface LoadOptions {
  /** Base URLs of the scanning processes, used in turn. */
  scanners: string[];
  codes: string[];
  /** Ends the load once so many scans are answered. */
  scans: number;
  clients: number;
  /** Each client keeps to codes of its own, one scan after another, so that a code's scans have an order. */
  ownCodes?: boolean;
  /** The number of the first scan; no two loads of a pipeline may share a number. */
  firstNumber?: number;
}

/** Concurrent clients that scan codes. Each attempt has a number of its own, which the history shows: `scanNumber`. */
export class Load {
  /** Numbers of the scans that got a 302. */
  readonly answered = new Set<number>();
  /** Numbers of the scans whose connection broke or could not be made: nobody knows whether they happened. */
  readonly unanswered = new Set<number>();
  /** Any other reply. A scan of an open code must always be redirected. */
  readonly refusals: string[] = [];
  readonly done: Promise<void>;
  readonly #options: LoadOptions;
  #next: number;
  #allowed: number;
  #stopped = false;

  /** @param allowed answered scans after which the clients wait for `allow` */
  constructor(options: LoadOptions, allowed = Number.POSITIVE_INFINITY) {
    this.#options = options;
    this.#next = options.firstNumber ?? 0;
    this.#allowed = allowed;
    const clients = Array.from({ length: options.clients }, (_, client) => this.#run(client));
    this.done = Promise.all(clients).then(() => {});
  }

  /** Waits until so many scans are answered; returns at once when the load has ended. */
  async reached(scans: number): Promise<void> {
    while (this.answered.size < scans && !this.#ended()) await sleep(POLL_MS);
  }

  /** Lets the clients go on until so many scans are answered. */
  allow(scans: number): void {
    this.#allowed = scans;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.done;
  }

  #ended(): boolean {
    return this.#stopped || this.answered.size >= this.#options.scans;
  }

  async #run(client: number): Promise<void> {
    const { codes, clients, scanners, ownCodes } = this.#options;
    const connections = scanners.map((url) => new Connection(url));
    for (let turn = 0; !this.#ended(); turn++) {
      while (this.answered.size >= this.#allowed && !this.#ended()) await sleep(POLL_MS);
      const number = this.#next++;
      const code = codes[(ownCodes ? client + turn * clients : number) % codes.length];
      await this.#scan(connections[number % connections.length] as Connection, code ?? "", number);
    }
    for (const connection of connections) connection.close();
  }

  async #scan(connection: Connection, code: string, number: number): Promise<void> {
    const headers = {
      "user-agent": BROWSERS[number % BROWSERS.length] ?? "",
      referer: `https://s${number}.example/`,
    };
    try {
      const status = await connection.get(`/scan/${code}`, headers);
      if (status === 302) this.answered.add(number);
      else this.refusals.push(`scan ${number} was answered with ${status}`);
    } catch {
      this.unanswered.add(number);
      await sleep(RETRY_MS);
    }
  }
}

/** The number of the scan that came from this host. */
export function scanNumber(referrer: string | null): number {
  return Number(/^s(\d+)\.example$/.exec(referrer ?? "")?.[1] ?? Number.NaN);
}

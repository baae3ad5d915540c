import { Caller, currentCaller, type NamedRequest, type Request } from "./caller.ts";
import { checkReply } from "./checker.ts";
import type { History } from "./history.ts";
import { perform } from "./perform.ts";
import type { Turns } from "./turns.ts";
import type { World } from "./world.ts";

/** Clients that work at the same time, each on one request after another, until a reply breaks the model. */
export class Clients {
  /** What is wrong with the reply that broke the model. */
  readonly violations: string[] = [];
  /** What they have begun. */
  readonly begun: NamedRequest[] = [];
  readonly #worlds: World[];
  readonly #history: History;
  readonly #turns: Turns;
  readonly #queues = new Map<string, Promise<void>>();
  #asked = 0;

  /** @param worlds one for each process; a client works with one of them */
  constructor(worlds: World[], history: History, turns: Turns) {
    this.#worlds = worlds;
    this.#history = history;
    this.#turns = turns;
  }

  /**
   * Lets a client carry out a request after those that it was asked for before.
   *
   * @param id names the request in the order of the turns
   */
  ask(request: Request, id = String(this.#asked++)): void {
    const before = this.#queues.get(request.client) ?? Promise.resolve();
    this.#queues.set(
      request.client,
      before.then(() => this.#carryOut(request, id)),
    );
  }

  /** Resolves when every client is done. */
  async idle(): Promise<void> {
    await Promise.all(this.#queues.values());
  }

  /** `c1` and `c3` share a process, and so do `c2` and `c4`; the relay is in the first. */
  #worldOf(client: string): World {
    const number = Number(client.replace(/\D/g, "")) || 1;
    const world = this.#worlds[(number - 1) % this.#worlds.length];
    if (!world) throw new Error("there is no process");
    return world;
  }

  async #carryOut(request: Request, id: string): Promise<void> {
    const { client, action, pause } = request;
    await this.#turns.next(id, `${client} begins`, async () => {});
    if (this.violations.length > 0) return;
    this.begun.push({ id, request });
    const operation = this.#history.begin(client, action);
    const outcome = await currentCaller.run(new Caller(operation, id, pause), () =>
      perform(this.#worldOf(client), action, operation.number),
    );
    if (this.violations.length > 0) return;
    this.#history.end(operation, outcome);
    this.violations.push(...checkReply(this.#history, operation));
    if (this.violations.length > 0) this.#history.close();
  }
}

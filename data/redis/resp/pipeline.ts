import type { Socket } from "node:net";
import { deadline } from "../deadline.ts";
import { RedisFailure, type Reply } from "../port.ts";
import { ErrorReply, ProtocolError, ReplyParser } from "./reply-parser.ts";

/** So many commands leave in one write, of those that come while others are under way. */
const TOGETHER = 8;

/** Bound here: deadlines follow this clock, whatever becomes of `performance`. */
const monotonicMs = performance.now.bind(performance);

/** What the commands of one turn of the event loop have in common. */
interface Turn {
  /** Their deadline, by `monotonicMs`. Infinite while the turn lasts: that time is not the server's. */
  dueAt: number;
  /** Chunks that had been received before. */
  chunks: number;
}

/** Another command, for a server that answers with this error. It has a deadline of its own. */
export interface Otherwise {
  code: string;
  command(): string;
}

interface Pending {
  readonly command: string;
  readonly otherwise: Otherwise | undefined;
  readonly turn: Turn;
  readonly resolve: (reply: Reply) => void;
  readonly reject: (failure: RedisFailure) => void;
  isExpired: boolean;
}

/**
 * The commands on one connection. Replies come in the order of the commands, so that one timer, which watches the oldest
 * of them, keeps the deadlines of all.
 */
export class Pipeline {
  readonly #socket: Socket;
  readonly #timeoutMs: number;
  readonly #parser = new ReplyParser((reply) => this.#answer(reply));
  #isOpen = false;
  #unsent: Pending[] = [];
  /** In the order of their replies. One past its deadline stays, since its reply has still to be read. */
  #sent: Pending[] = [];
  #chunks = 0;
  #turn: Turn | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** @param timeoutMs bound on each reply, in milliseconds */
  constructor(socket: Socket, timeoutMs: number) {
    this.#socket = socket;
    this.#timeoutMs = timeoutMs;
    socket.on("data", (chunk: Buffer) => this.#read(chunk));
  }

  /** Sends a command (`encoded`), or keeps it until the pipeline is open. @throws RedisFailure */
  send(command: string, otherwise?: Otherwise): Promise<Reply> {
    return new Promise((resolve, reject) => {
      this.#add({ command, otherwise, turn: this.#thisTurn(), resolve, reject, isExpired: false });
    });
  }

  /** Sends a command although the pipeline is not open. Whoever opens it keeps its deadline. @throws RedisFailure */
  sendFirst(command: string): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const turn = { dueAt: Number.POSITIVE_INFINITY, chunks: 0 };
      this.#sent.push({ command, otherwise: undefined, turn, resolve, reject, isExpired: false });
      this.#socket.write(command, "latin1");
    });
  }

  /** Sends what was kept. */
  open(): void {
    this.#isOpen = true;
    this.#write();
  }

  /** Fails all that is under way: the connection has ended. */
  end(failure: RedisFailure): void {
    const pending = this.#pending();
    this.#isOpen = false;
    this.#sent = [];
    this.#unsent = [];
    clearTimeout(this.#timer);
    for (const { reject } of pending) reject(failure);
  }

  /**
   * While nothing is under way a command leaves at once, so that the server works while this process goes on. Otherwise it
   * waits for others of its turn: each write costs a system call and may wake the server up, which takes longer than all
   * else that a request does.
   */
  #add(pending: Pending): void {
    this.#unsent.push(pending);
    if (this.#sent.length === 0 || this.#unsent.length === TOGETHER) this.#write();
  }

  #write(): void {
    if (!this.#isOpen || this.#unsent.length === 0) return;
    let text = "";
    for (const pending of this.#unsent) {
      // The caller went another way: it must not be carried out any more.
      if (pending.isExpired) continue;
      text += pending.command;
      this.#sent.push(pending);
    }
    this.#unsent = [];
    if (text !== "") this.#socket.write(text, "latin1");
  }

  #read(chunk: Buffer): void {
    this.#chunks += 1;
    try {
      this.#parser.read(chunk);
    } catch (error) {
      this.#socket.destroy(error as Error);
    }
  }

  #answer(reply: Reply | ErrorReply): void {
    const pending = this.#sent.shift();
    if (!pending) throw new ProtocolError("a reply to nothing");
    const { otherwise, resolve, reject, isExpired } = pending;
    if (!(reply instanceof ErrorReply)) resolve(reply);
    else if (reply.code !== otherwise?.code) reject(new RedisFailure("refused", reply.code));
    else if (!isExpired) {
      const command = otherwise.command();
      this.#add({ command, otherwise: undefined, turn: this.#thisTurn(), resolve, reject, isExpired });
    }
  }

  #thisTurn(): Turn {
    if (!this.#turn) {
      this.#turn = { dueAt: Number.POSITIVE_INFINITY, chunks: this.#chunks };
      setImmediate(this.#endTurn);
    }
    return this.#turn;
  }

  readonly #endTurn = () => {
    this.#write();
    if (this.#turn) this.#turn.dueAt = monotonicMs() + this.#timeoutMs;
    this.#turn = undefined;
    this.#watch();
  };

  /**
   * Lets the timer run until the oldest deadline, unless it runs for an earlier one. Once it fires the socket is polled
   * before anything expires, for the reason that `deadline` gives.
   */
  #watch(): void {
    if (this.#timer) return;
    const next = Math.min(
      ...this.#pending().map(({ turn, isExpired }) => (isExpired ? Number.POSITIVE_INFINITY : turn.dueAt)),
    );
    if (next === Number.POSITIVE_INFINITY) return;
    const wait = Math.max(1, Math.ceil(next - monotonicMs()));
    this.#timer = setTimeout(() => {
      const now = monotonicMs();
      setImmediate(() => {
        this.#timer = undefined;
        this.#expire(now);
        this.#watch();
      });
    }, wait).unref();
  }

  /** Fails what was due at `now`, before the socket was polled for the last time. */
  #expire(now: number): void {
    for (const pending of this.#pending()) {
      const { turn, isExpired, reject } = pending;
      if (isExpired || turn.dueAt > now) continue;
      pending.isExpired = true;
      reject(new RedisFailure("timeout", "no reply within the deadline"));
      deadline(this.#timeoutMs, () => this.#replaceIfSilent(turn));
    }
  }

  /**
   * Ends a connection on which nothing at all came for twice the deadline: one whose other end is gone for good looks as
   * if its server was slow.
   */
  #replaceIfSilent({ chunks }: Turn): void {
    if (this.#chunks === chunks) this.#socket.destroy(new Error("silent"));
  }

  #pending(): Pending[] {
    return [...this.#sent, ...this.#unsent];
  }
}

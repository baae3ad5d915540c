import { errorOf, type QrServiceError } from "./error.ts";
import { type RetryOptions, withRetries } from "./retry.ts";
import type {
  BulkInput,
  BulkQuery,
  BulkReport,
  CreatedQrCode,
  ExportQuery,
  HistoryPage,
  HistoryQuery,
  ImportQuery,
  ImportReport,
  ListQuery,
  PictureContent,
  PictureQuery,
  QrCode,
  QrCodeInput,
  QrCodePage,
  QrCodePatch,
  ScanStats,
  SheetInput,
  StaticPictureQuery,
  StatsQuery,
  StoredQrCode,
  TenantStats,
  TenantStatsQuery,
} from "./schema.ts";

export interface ClientOptions extends Partial<RetryOptions> {
  /** Where the service is, such as `https://qr.example.com`. */
  baseUrl: string;
  /** The JWT, or what gives a current one for each attempt. */
  token: string | (() => string | Promise<string>);
  /** Which of the token's tenants is meant, if it names several. */
  tenantId?: string;
  /** Further attempts after the first one; 3 unless given. */
  retries?: number;
  /** Of one attempt, in milliseconds; 30,000 unless given. */
  timeoutMs?: number;
  fetch?: typeof fetch;
}

/** On what condition a code is changed. */
export interface ChangeOptions {
  /** The code as it was read: what was changed since rejects with 412, and `problem.current` is the code as it is. */
  ifUnchanged?: Pick<QrCode, "version">;
}

interface Sent {
  query?: object;
  headers?: Record<string, string>;
  /** Sent as JSON, unless the headers say that it is another text. */
  body?: unknown;
}

/** Where a page says that the next one is: a path of this service. */
const NEXT = /<(\/[^>]*)>\s*;\s*rel="next"/;

const sleepFor = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Every method rejects with a {@link QrServiceError} for what was refused, and with `fetch`'s error if nobody answered. */
export class QrClient {
  readonly #options: ClientOptions;

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  /**
   * Creates a code, once however often it is retried.
   *
   * @param idempotencyKey to repeat a call of an earlier process; a new one unless given
   */
  async create(input: QrCodeInput, idempotencyKey: string = crypto.randomUUID()): Promise<CreatedQrCode> {
    const headers = { "idempotency-key": idempotencyKey };
    return this.#read("POST", "/generate", { headers, body: input });
  }

  /** One page, newest first. */
  async list(query: ListQuery = {}): Promise<QrCodePage> {
    return this.#read("GET", "/qr", { query });
  }

  /** All codes, page by page. */
  async *listAll(query: Omit<ListQuery, "cursor"> = {}): AsyncGenerator<QrCode> {
    let cursor: string | undefined;
    do {
      const page = await this.list({ ...query, ...(cursor === undefined ? {} : { cursor }) });
      yield* page.qrCodes;
      cursor = page.nextCursor;
    } while (cursor !== undefined);
  }

  async get(qrId: string): Promise<StoredQrCode> {
    return this.#read("GET", pathOf(qrId));
  }

  /** The bytes of its picture; an SVG is text in UTF-8. */
  async picture(
    qrId: string,
    query: PictureQuery & { format: "svg" | "png" | "pdf" | "eps" },
  ): Promise<Uint8Array<ArrayBuffer>> {
    const reply = await this.#send("GET", `${pathOf(qrId)}/picture`, {
      query,
      headers: { accept: "*/*" },
    });
    return new Uint8Array(await reply.arrayBuffer());
  }

  /** The bytes of a picture of what is no code of the service, which it stores nowhere; an SVG is text in UTF-8. */
  async drawContent(
    content: PictureContent,
    query: StaticPictureQuery & { format: "svg" | "png" | "pdf" | "eps" },
  ): Promise<Uint8Array<ArrayBuffer>> {
    const reply = await this.#send("POST", "/pictures", {
      ...{ query, body: content },
      headers: { accept: "*/*" },
    });
    return new Uint8Array(await reply.arrayBuffer());
  }

  /** Labels of up to 500 codes, as a PDF. */
  async sheet(input: SheetInput): Promise<Uint8Array<ArrayBuffer>> {
    const reply = await this.#send("POST", "/sheets", { body: input, headers: { accept: "*/*" } });
    return new Uint8Array(await reply.arrayBuffer());
  }

  /** All codes with their live counts as CSV or NDJSON, page by page; the pages one behind another are one file. */
  async *export(query: Omit<ExportQuery, "cursor"> = {}): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    let next: string | undefined = `/export${searchOf(query)}`;
    while (next !== undefined) {
      const reply: Response = await this.#send("GET", next, { headers: { accept: "*/*" } });
      yield new Uint8Array(await reply.arrayBuffer());
      next = NEXT.exec(reply.headers.get("link") ?? "")?.[1];
    }
  }

  /**
   * Imports up to 10,000 rows of CSV, once however often it is retried. In the mode `atomic`, the default, rows that fail reject with 400,
   * and `problem.failures` names them.
   *
   * @param idempotencyKey to repeat a call of an earlier process; a new one unless given
   */
  async importCsv(
    csv: string,
    query: ImportQuery = {},
    idempotencyKey: string = crypto.randomUUID(),
  ): Promise<ImportReport> {
    const headers = { "content-type": "text/csv; charset=utf-8", "idempotency-key": idempotencyKey };
    return this.#read("POST", "/import", { query, headers, body: csv });
  }

  /** Changes, deletes or restores up to 10,000 codes, all or none, once however often it is retried. */
  async bulk(
    input: BulkInput,
    query: BulkQuery = {},
    idempotencyKey: string = crypto.randomUUID(),
  ): Promise<BulkReport> {
    const headers = { "idempotency-key": idempotencyKey };
    return this.#read("POST", "/bulk", { query, headers, body: input });
  }

  /** Changes what is named; `null` resets an option. */
  async patch(qrId: string, patch: QrCodePatch, options: ChangeOptions = {}): Promise<QrCode> {
    const headers = { "content-type": "application/merge-patch+json", ...conditionOf(options) };
    return this.#read("PATCH", pathOf(qrId), { headers, body: patch });
  }

  async stats(qrId: string, query: StatsQuery = {}): Promise<ScanStats> {
    return this.#read("GET", `${pathOf(qrId)}/stats`, { query });
  }

  /** Over all codes, or those of a tag. */
  async tenantStats(query: TenantStatsQuery = {}): Promise<TenantStats> {
    return this.#read("GET", "/stats", { query });
  }

  async delete(qrId: string, options: ChangeOptions = {}): Promise<void> {
    await this.#send("DELETE", pathOf(qrId), { headers: conditionOf(options) });
  }

  /** Brings a deleted code back; `list({ deleted: "true" })` tells what can be. */
  async restore(qrId: string, options: ChangeOptions = {}): Promise<QrCode> {
    return this.#read("POST", `${pathOf(qrId)}/restore`, { headers: conditionOf(options) });
  }

  /** One page of who changed a code, newest first; of all codes without an ID. */
  async history(qrId?: string, query: HistoryQuery = {}): Promise<HistoryPage> {
    return this.#read("GET", qrId === undefined ? "/history" : `${pathOf(qrId)}/history`, { query });
  }

  async #read<T>(method: string, path: string, sent?: Sent): Promise<T> {
    return (await (await this.#send(method, path, sent)).json()) as T;
  }

  async #send(
    method: string,
    path: string,
    { query = {}, headers = {}, body }: Sent = {},
  ): Promise<Response> {
    const { baseUrl, retries = 3, sleep = sleepFor, timeoutMs = 30_000, ...others } = this.#options;
    const url = `${baseUrl.replace(/\/+$/, "")}${path}${searchOf(query)}`;
    let attempts = 0;
    const reply = await withRetries({ ...others, retries, sleep }, async (attempt) => {
      attempts = attempt + 1;
      const answered = await (this.#options.fetch ?? fetch)(url, {
        method,
        headers: { accept: "application/json", ...(await this.#credentials()), ...typeOf(body), ...headers },
        ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
        signal: AbortSignal.timeout(timeoutMs),
      });
      return withWholeBody(answered);
    });
    // The attempt before may have deleted it without its reply arriving.
    const isDeleted = method === "DELETE" && reply.status === 404 && attempts > 1;
    if (reply.ok || isDeleted) return reply;
    throw await errorOf(reply);
  }

  async #credentials(): Promise<Record<string, string>> {
    const { token, tenantId } = this.#options;
    return {
      authorization: `Bearer ${typeof token === "string" ? token : await token()}`,
      ...(tenantId === undefined ? {} : { "x-tenant-id": tenantId }),
    };
  }
}

/** The reply once all of it has arrived: a connection that breaks in its middle is a failed attempt. */
async function withWholeBody(reply: Response): Promise<Response> {
  const body = await reply.arrayBuffer();
  return new Response(body.byteLength === 0 ? null : body, { status: reply.status, headers: reply.headers });
}

function pathOf(qrId: string): string {
  return `/qr/${encodeURIComponent(qrId)}`;
}

/** The service compares nothing of a code's entity tag but its version. */
function conditionOf({ ifUnchanged }: ChangeOptions): Record<string, string> {
  return ifUnchanged === undefined ? {} : { "if-match": `"${ifUnchanged.version}.any"` };
}

function typeOf(body: unknown): Record<string, string> {
  return body === undefined ? {} : { "content-type": "application/json" };
}

function searchOf(query: object): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value));
  return search.size === 0 ? "" : `?${search}`;
}

import { signal } from "@preact/signals";
import type { Problem } from "../../clients/typescript/src/schema.ts";
import { session } from "../auth/session.ts";
import { renewSession } from "../auth/sign-in.ts";
import type { ConsoleConfig } from "../config.ts";
import { ApiError } from "./api-error.ts";
import { type Calls, OPERATIONS } from "./contract.ts";

export type OperationName = keyof Calls;

export interface Sent<Name extends OperationName> {
  params?: Calls[Name]["params"];
  query?: Calls[Name]["query"];
  body?: Calls[Name]["body"];
  /** In place of a body, of the type that it says. */
  file?: Blob;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

export interface Reply<T> {
  /** 304 where the caller has it already: there is no data then. */
  status: number;
  data: T;
  etag: string | null;
  /** Where the next page is, as the service links to it. */
  link: string | null;
}

/** How the last request fared: what the bar at the top tells. */
export const connection = signal<"ok" | "offline" | "unavailable" | "signed-out">("ok");

/** A page that is left waiting for longer is told that the service does not answer. In milliseconds. */
const TIMEOUT_MS = 20_000;

let config: ConsoleConfig;

/** What the deployment tells its console. */
export const deployment = (): ConsoleConfig => config;

export function useApiOf(of: ConsoleConfig): void {
  config = of;
}

/** The path of an operation, with its query: what a read is known by. */
export function pathOf<Name extends OperationName>(name: Name, { params, query }: Sent<Name> = {}): string {
  const values = (params ?? {}) as Record<string, string>;
  const path = OPERATIONS[name].path.replace(/\{(\w+)\}/g, (_whole, key: string) =>
    encodeURIComponent(values[key] ?? ""),
  );
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query ?? {}))
    if (value !== undefined) search.set(key, String(value));
  return search.size > 0 ? `${path}?${search}` : path;
}

/**
 * Calls an operation of the API on behalf of whoever is signed in; an access token that has expired is renewed once.
 *
 * @throws ApiError
 */
export async function call<Name extends OperationName>(
  name: Name,
  sent: Sent<Name> = {},
): Promise<Reply<Calls[Name]["reply"]>> {
  let reply = await send(name, sent);
  if (reply.status === 401 && (await renewSession(config))) reply = await send(name, sent);
  if (reply.ok || reply.status === 304) {
    connection.value = "ok";
    const { status, headers } = reply;
    return { status, etag: headers.get("etag"), link: headers.get("link"), data: await contentOf(reply) };
  }
  throw await refusalOf(reply);
}

/**
 * Reads what a deployment serves beside the API, on behalf of whoever is signed in.
 *
 * @throws ApiError
 */
export async function readBeside<T>(path: string, cancelled: AbortSignal): Promise<T> {
  const ask = async () => {
    try {
      return await fetch(`${config.api}${path}`, {
        headers: { accept: "application/json", ...credentials() },
        signal: cancelled,
        cache: "no-store",
      });
    } catch (cause) {
      throw new ApiError("offline", 0, undefined, { cause });
    }
  };
  let reply = await ask();
  if (reply.status === 401 && (await renewSession(config))) reply = await ask();
  if (!reply.ok) throw await refusalOf(reply);
  return (await reply.json()) as T;
}

async function send<Name extends OperationName>(name: Name, sent: Sent<Name>): Promise<Response> {
  const { body, file, headers = {}, signal: cancelled } = sent;
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const { method } = OPERATIONS[name];
  const type = method === "PATCH" ? "application/merge-patch+json" : "application/json";
  try {
    return await fetch(`${config.api}${pathOf(name, sent)}`, {
      method,
      headers: {
        accept: "application/json",
        ...credentials(),
        ...(body === undefined ? {} : { "content-type": type }),
        ...(file ? { "content-type": file.type || "application/octet-stream" } : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(file ? { body: file } : {}),
      signal: cancelled ? AbortSignal.any([cancelled, timeout]) : timeout,
      cache: "no-store",
    });
  } catch (cause) {
    if (cancelled?.aborted) throw cause;
    connection.value = "offline";
    throw new ApiError("offline", 0, undefined, { cause });
  }
}

function credentials(): Record<string, string> {
  const { value: current } = session;
  if (!current) return {};
  const chosen = current.tenants.length > 1 ? { "x-tenant-id": current.tenant } : {};
  return { authorization: `Bearer ${current.accessToken}`, ...chosen };
}

async function contentOf<T>(reply: Response): Promise<T> {
  const type = reply.headers.get("content-type") ?? "";
  if (reply.status === 204 || reply.status === 304) return undefined as T;
  return (type.includes("json") ? await reply.json() : await reply.blob()) as T;
}

async function refusalOf(reply: Response): Promise<ApiError> {
  const { status } = reply;
  const isProblem = reply.headers.get("content-type")?.includes("json") ?? false;
  const problem = isProblem ? ((await reply.json()) as Problem) : undefined;
  if (status === 401) connection.value = "signed-out";
  else connection.value = status >= 500 ? "unavailable" : "ok";
  if (status === 401) return new ApiError("signed-out", status, problem);
  if (status >= 500 || status === 429) return new ApiError("unavailable", status, problem);
  return new ApiError("refused", status, problem, { etag: reply.headers.get("etag") });
}

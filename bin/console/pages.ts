import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import type { ConsoleConfig } from "../../console/config.ts";
import { consoleHeaders } from "../../console/headers.ts";
import { namesTag } from "../../functions/http/if-none-match.ts";
import type { HttpReply } from "../../functions/http/reply.ts";

const TYPES: Record<string, string> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
  json: "application/json",
};

interface Page {
  type: string;
  body: Buffer;
  /** Compressed once for all requests. */
  brotli: Buffer;
  tag: string;
  isHashed: boolean;
}

/** Answers what belongs to the console; `undefined` for whatever does not. */
export type ConsolePages = (request: IncomingMessage, path: string) => HttpReply | undefined;

/** @param folder from `buildConsole` */
export function consolePages(folder: string, config: ConsoleConfig): ConsolePages {
  const pages = new Map<string, Page>();
  const files = ["index.html", ...globSync("assets/*", { cwd: folder })];
  for (const file of files) pages.set(`/${file}`, pageOf(file, readFileSync(join(folder, file))));
  pages.set("/", pages.get("/index.html") as Page);
  pages.set("/config.json", pageOf("config.json", Buffer.from(JSON.stringify(config))));
  const headers = consoleHeaders(config);
  return (request, path) => {
    const page = pages.get(path);
    return page && (request.method === "GET" || request.method === "HEAD")
      ? reply(page, request, headers)
      : undefined;
  };
}

/** Where the style sheet of the built console is. */
export function stylesOf(folder: string): string {
  return `/${globSync("assets/styles-*.css", { cwd: folder })[0] ?? ""}`;
}

function pageOf(name: string, body: Buffer): Page {
  return {
    type: TYPES[name.split(".").at(-1) ?? ""] ?? "application/octet-stream",
    body,
    brotli: brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
    tag: `"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"`,
    isHashed: name.startsWith("assets/"),
  };
}

function reply(page: Page, { headers }: IncomingMessage, always: Record<string, string>): HttpReply {
  const common = {
    ...always,
    "cache-control": page.isHashed ? "public, max-age=31536000, immutable" : "no-cache",
    etag: page.tag,
    vary: "accept-encoding",
  };
  if (namesTag(headers["if-none-match"], page.tag)) return { statusCode: 304, headers: common };
  const isCompressed = /\bbr\b/.test(headers["accept-encoding"]?.toString() ?? "");
  return {
    statusCode: 200,
    headers: {
      ...common,
      "content-type": page.type,
      ...(isCompressed ? { "content-encoding": "br" } : {}),
    },
    body: (isCompressed ? page.brotli : page.body).toString("base64"),
    isBase64Encoded: true,
  };
}

import { globSync, readFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { buildConsole } from "../../bin/console/build.ts";
import { consolePages } from "../../bin/console/pages.ts";

/** What the first view may take, with its sign-in, compressed: a second on a slow telephone. In bytes. */
const MAX_FIRST_VIEW = 90 * 1024;

const folder = await buildConsole();
const read = (file: string) => readFileSync(join(folder, file));
const page = read("index.html").toString();
const pages = consolePages(folder, {
  api: "https://api.example.com",
  issuer: "https://issuer.example.com/pool",
  clientId: "console",
  scopes: [],
  scopePrefix: "",
  tenantClaim: "tenant_id",
});
const get = (path: string, headers = {}, method = "GET") =>
  pages({ method, headers } as unknown as IncomingMessage, path);

describe("the built console", () => {
  it("is small at the first view, the sign-in included", () => {
    const named = [...page.matchAll(/(?:src|href)="(assets\/[^"]+)"/g)].map(([, file]) => file ?? "");
    const signIn = globSync("assets/protocol-*.js", { cwd: folder });
    expect([named.length, signIn.length]).toEqual([expect.any(Number), 1]);
    const bytes = ["index.html", ...named, ...signIn].map((file) => gzipSync(read(file)).length);
    expect(bytes.reduce((sum, each) => sum + each, 0)).toBeLessThan(MAX_FIRST_VIEW);
  });

  it("has curves, the sign-in and the second language in files of their own", () => {
    for (const part of [
      "code-page",
      "design-page",
      "sheets-page",
      "overview-page",
      "import-page",
      "bulk-edits",
      "protocol",
      "de",
    ]) {
      expect(globSync(`assets/${part}-*.js`, { cwd: folder })).toHaveLength(1);
      expect(page).not.toContain(`assets/${part}-`);
    }
  });

  it("names nothing from elsewhere, and no script or style of its own in the page", () => {
    expect(page).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
    expect(page).not.toMatch(/<style|<script(?![^>]*\bsrc=)|\sstyle=|\son\w+=/);
  });

  it("is sent with a policy under which no inline script or style runs, and no text becomes markup", () => {
    const policy = get("/")?.headers["content-security-policy"] ?? "";
    expect(policy).not.toContain("unsafe");
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("require-trusted-types-for 'script'");
    expect(policy).toContain("connect-src 'self' https://api.example.com https://issuer.example.com;");
    expect(policy).toContain("frame-ancestors 'none'");
  });

  it("is cached for ever where a name holds its hash, and asked for anew where it does not", () => {
    const asset = `/${globSync("assets/app-*.js", { cwd: folder })[0]}`;
    expect(get(asset)?.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
    for (const path of ["/", "/config.json"]) {
      const reply = get(path);
      expect(reply?.headers["cache-control"]).toBe("no-cache");
      const again = get(path, { "if-none-match": reply?.headers.etag });
      expect([again?.statusCode, again?.body]).toEqual([304, undefined]);
    }
  });

  it("answers only for what it has", () => {
    expect(get("/nothing")).toBeUndefined();
    expect(get("/assets/../index.html")).toBeUndefined();
    expect(get("/", {}, "POST")).toBeUndefined();
  });
});

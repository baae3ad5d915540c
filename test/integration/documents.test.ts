import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SCOPES } from "../../core/auth/scopes.ts";
import { lacks } from "../support/requirements.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "documents-"));
let stack: TestStack;

beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(async () => {
  await stack.close();
  rmSync(folder, { recursive: true });
});

/** The shell lines of a page that talk to the service. */
function curlBlocks(file: string): string[] {
  const text = readFileSync(join(ROOT, file), "utf8");
  return [...text.matchAll(/^```sh\n(.*?)^```/gms)]
    .map(([, block = ""]) => block)
    .filter((block) => block.includes("curl "));
}

/** Runs a page's lines in bash as they stand, but for the address and for where the token comes from. */
async function runBlocks(file: string): Promise<string[]> {
  const token = await stack.issuer.issue(["tenant_acme"], SCOPES);
  const lines = curlBlocks(file)
    .join("\n")
    .replaceAll("http://localhost:3002", stack.baseUrl)
    .replace(/\$\(npm run -s token -- tenant_acme\)/, '"$ISSUED"');
  const script = `set -eo pipefail
export TOKEN=$ISSUED
curl() { command curl --fail-with-body "$@" || { echo "this failed: $*" >&2; return 1; }; echo; echo ----; }
${lines}`;
  const { stdout, stderr } = await run("bash", ["-c", script], {
    cwd: folder,
    env: { ...process.env, ISSUED: token },
  });
  expect(stderr).toBe("");
  return stdout.split("----\n").map((part) => part.trim());
}

describe.skipIf(await lacks("curl"))("the documents' commands run as printed", () => {
  it("those of the README", async () => {
    const [created = "", scanned, changed = ""] = await runBlocks("README.md");
    expect(JSON.parse(created)).toMatchObject({ qrId: "spring-menu", scans: 0 });
    expect(scanned).toMatch(/^location: https:\/\/example\.com\/spring\r?$/m);
    expect(JSON.parse(changed)).toMatchObject({ targetUrl: "https://example.com/summer", scans: 1 });
  });

  it("those of the API by example", async () => {
    const replies = await runBlocks("docs/api.md");
    const [created = "", , scanned, counted = ""] = replies;
    expect(JSON.parse(created)).toMatchObject({ qrId: "summer-menu" });
    expect(readFileSync(join(folder, "code.png")).subarray(1, 4).toString()).toBe("PNG");
    expect(scanned).toMatch(/^HTTP\/1.1 302 /);
    expect(JSON.parse(counted)).toMatchObject({ qrId: "summer-menu", scans: 1 });
    expect(replies.join("\n")).toMatch(/^HTTP\/1.1 204 /m);
    expect(JSON.parse(replies.at(-2) ?? "")).toMatchObject({ status: "ok" });
  });
});

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, type TestContext } from "vitest";
import {
  attack,
  goGenerator,
  pythonTools,
  typescriptTools,
  walkInGo,
  walkInPython,
  walkInTypeScript,
} from "../support/client-generators.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";

/** Clients that generators make of openapi.json, as they come. */
describe("a client as it is generated creates, lists, reads, draws, changes, measures and deletes a code", () => {
  let stack: TestStack;
  let folder: string;
  const servers = async () => ({
    baseUrl: stack.baseUrl,
    token: await stack.issuer.issue(["tenant_a"], ["qr:read", "qr:write"]),
  });
  beforeAll(async () => {
    stack = await startTestStack();
    folder = mkdtempSync(join(tmpdir(), "clients-"));
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await stack.close();
  });

  it("in TypeScript", { timeout: 600_000 }, async (context) => {
    const tools = await typescriptTools();
    if ("reason" in tools) return skip(context, tools.reason);
    expect(await walkInTypeScript(tools.folder, await servers())).toBe("walked");
  });

  it("in Python", { timeout: 600_000 }, async (context) => {
    const tools = await pythonTools();
    if ("reason" in tools) return skip(context, tools.reason);
    expect(await walkInPython(tools.bin, join(folder), await servers())).toBe("walked");
  });

  it("in Go", { timeout: 900_000 }, async (context) => {
    const tools = await goGenerator();
    if ("reason" in tools) return skip(context, tools.reason);
    expect(await walkInGo(tools.jar, join(folder, "go"), await servers())).toBe("walked");
  });

  it("and schemathesis finds no server error and nothing undescribed", {
    timeout: 1_200_000,
  }, async (context) => {
    const tools = await pythonTools();
    if ("reason" in tools) return skip(context, tools.reason);
    await attack(tools.bin, await servers(), 100);
  });
});

function skip(context: TestContext, reason: string): void {
  console.warn(`skipped: ${reason}`);
  context.skip(reason);
}

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openTokenIssuer, type TokenIssuer } from "../../bin/local/tokens.ts";

let issuer: Promise<TokenIssuer> | undefined;

/** One signing key for all suites of a process: making one takes a while. */
export function testIssuer(): Promise<TokenIssuer> {
  issuer ??= newIssuer();
  return issuer;
}

/** An issuer with a key that no one else knows. */
export async function newIssuer(): Promise<TokenIssuer> {
  const folder = await mkdtemp(join(tmpdir(), "qr-service-key-"));
  try {
    return await openTokenIssuer(folder, "tenant_id");
  } finally {
    await rm(folder, { recursive: true });
  }
}

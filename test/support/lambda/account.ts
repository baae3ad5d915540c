import { appendFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inject } from "vitest";
import { CA_FILE } from "../../../lib/compute/bundle.ts";
import { type FunctionAsset, synthesizeFunctions } from "./assets.ts";
import { type AwsEndpoint, startAwsEndpoint } from "./aws-endpoint.ts";
import { type Certificate, selfSigned } from "./certificate.ts";
import { type SecretsExtension, startSecretsExtension } from "./secrets-extension.ts";
import { startTlsPostgres, type TlsPostgres } from "./tls-postgres.ts";

/** As much of an AWS account as a stage's functions see of it. */
export interface Account {
  redis: "upstash" | "valkey";
  secrets: SecretsExtension;
  aws: AwsEndpoint;
  /** What its servers show; in `authorityFile` it is its own authority, which every Node is to trust like Amazon's. */
  certificate: Certificate;
  authorityFile: string;
  /** The run's Postgres, as RDS would show it. */
  postgres: TlsPostgres;
  /** @throws Error if the templates have no such function */
  asset(name: string): FunctionAsset;
  close(): Promise<void>;
}

/** Bound on `openAccount`: a second run of the tests on one machine waits for the first to be through. */
export const OPEN_TIMEOUT_MS = 600_000;

/** Synthesizes the stage, and starts what all of its functions share. */
export async function openAccount(redis: Account["redis"] = "upstash"): Promise<Account> {
  const folder = mkdtempSync(join(tmpdir(), "qr-assets-"));
  const functions = synthesizeFunctions(folder, { redis });
  const secrets = await startSecretsExtension();
  const aws = await startAwsEndpoint();
  const certificate = selfSigned();
  const authorityFile = join(folder, "authority.pem");
  writeFileSync(authorityFile, certificate.cert);
  const postgres = await startTlsPostgres(new URL(inject("postgresUrl")), certificate);
  for (const asset of functions.values()) trust(asset, certificate.cert);
  return {
    redis,
    secrets,
    aws,
    certificate,
    authorityFile,
    postgres,
    asset(name) {
      const asset = functions.get(name);
      if (!asset) throw new Error(`no function ${name} in the templates`);
      return asset;
    },
    async close() {
      await secrets.stop();
      await aws.stop();
      await postgres.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Beside the authorities of RDS, of which nobody here has a key. */
function trust({ folder }: FunctionAsset, authority: string): void {
  const file = join(folder, CA_FILE);
  if (existsSync(file)) appendFileSync(file, `\n${authority}`);
}

import { randomBytes } from "node:crypto";
import type { TestStack } from "../test-stack.ts";

export const ATTACKER = "tenant_attacker";
export const VICTIM = "tenant_victim";

/** A printed code of the victim's: anyone may know its ID, and scan it. */
export const KNOWN_CODE = "victim-known";
export const ATTACKER_CODES = ["attacker-one", "attacker-two", "attacker-three"];

/** Stands for the attacker's newest code, since each of the others is deleted sooner or later. As long as a real ID. */
export const NEWEST_CODE = "qr_newest234567";

const mark = (what: string) => `MARK${what}${randomBytes(9).toString("hex")}`;

/** Where the public code leads: whoever scans it learns this, and nobody anything else. */
export const PUBLIC_TARGET = `https://victim.example/${mark("target")}`;

/** What only the victim may ever read. None of it can be guessed, so that a reply that holds it has leaked it. */
const SECRETS = {
  id: mark("id"),
  target: mark("hiddentarget"),
  name: mark("name"),
  tag: mark("tag"),
  fallback: mark("fallback"),
  /** The ID that the service gave to the code of the shared idempotency key. */
  idempotent: mark("idempotent"),
};

/** An idempotency key of the victim's, which others may use as well. */
export const SHARED_KEY = "shared-idempotency-key";
export const SHARED_BODY = { targetUrl: "https://example.com/shared" };

/** Gives the victim codes that hold the markers, all of them cached, and the attacker some of its own. */
export async function seed(stack: TestStack): Promise<void> {
  const create = async (tenant: string, json: Record<string, unknown>, headers = {}) => {
    const reply = await stack.call("/generate", { method: "POST", tenant, json, headers });
    if (reply.status !== 201) throw new Error(`the code can't be made: ${await reply.text()}`);
    return ((await reply.json()) as { qrId: string }).qrId;
  };
  const told = { name: SECRETS.name, tags: [SECRETS.tag] };
  const fallbackUrl = `https://victim.example/${SECRETS.fallback}`;
  await create(VICTIM, { qrId: KNOWN_CODE, targetUrl: PUBLIC_TARGET, fallbackUrl, ...told });
  const targetUrl = `https://victim.example/${SECRETS.target}`;
  await create(VICTIM, { qrId: SECRETS.id, targetUrl, fallbackUrl, ...told });
  SECRETS.idempotent = await create(VICTIM, SHARED_BODY, { "idempotency-key": SHARED_KEY });
  for (const qrId of ATTACKER_CODES) {
    await create(ATTACKER, { qrId, targetUrl: "https://example.com/own", tags: ["shop"], name: "menu" });
  }
  for (const path of ["/qr", `/qr/${KNOWN_CODE}`, `/qr/${SECRETS.id}`, `/qr/${KNOWN_CODE}/stats`]) {
    await stack.call(path, { tenant: VICTIM });
  }
  await stack.call(`/scan/${SECRETS.id}`, { tenant: null, method: "HEAD" });
}

/** All that is stored for the victim. */
export async function victimRows({ database }: TestStack): Promise<unknown> {
  const [rows] = await database.sql(
    `SELECT (SELECT json_agg(c ORDER BY qr_id) FROM qr_codes c WHERE tenant_id = $1) AS codes,
      (SELECT json_agg(k ORDER BY key) FROM idempotency_keys k WHERE tenant_id = $1) AS keys,
      (SELECT json_agg(p ORDER BY p.qr_id) FROM pending_invalidations p WHERE tenant_id = $1) AS invalidations,
      (SELECT json_agg(e ORDER BY e.event_id) FROM event_outbox e
        WHERE tenant_id = $1 AND type <> 'qr.scanned') AS events`,
    [VICTIM],
  );
  return rows;
}

/** The victim's own view of its codes, without the counts that every scan raises. */
export async function victimList(stack: TestStack): Promise<unknown> {
  const reply = await stack.call("/qr", { tenant: VICTIM });
  const { qrCodes } = (await reply.json()) as { qrCodes: { scans: number }[] };
  return qrCodes.map((code) => ({ ...code, scans: 0 }));
}

/** The victim's secrets that a text holds, in any form that an ASCII text keeps them in. */
export function leakedIn(text: string): string[] {
  return Object.values(SECRETS).filter((secret) => text.includes(secret));
}

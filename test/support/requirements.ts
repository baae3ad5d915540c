import { findRedisServer } from "../../bin/local/redis-server.ts";
import { kafkaMissing } from "./kafka/server.ts";

/** Servers that a suite may need and a machine may lack. */
export type Requirement = "redis-server" | "kafka";

/** Why a server can't be had on this machine; `undefined` if it can. */
const REASONS: Record<Requirement, () => Promise<string | undefined>> = {
  "redis-server": async () =>
    findRedisServer() ? undefined : "neither redis-server nor valkey-server on the PATH",
  kafka: kafkaMissing,
};

/** Whether a server is missing: for `describe.skipIf`. */
export async function lacks(requirement: Requirement): Promise<boolean> {
  return (await REASONS[requirement]()) !== undefined;
}

/** Every server that is missing, with the reason. */
export async function findMissing(): Promise<[Requirement, string][]> {
  const found: [Requirement, string][] = [];
  for (const requirement of Object.keys(REASONS) as Requirement[]) {
    const reason = await REASONS[requirement]();
    if (reason) found.push([requirement, reason]);
  }
  return found;
}

import { revocationsOf } from "./check-keys.ts";
import { TENANTS } from "./commands.ts";
import type { History } from "./history.ts";
import { perform } from "./perform.ts";
import type { World } from "./world.ts";

/** In a world in which nobody works any more the newest key of each tenant is let in unless it was revoked. */
export async function checkKeysInTheEnd(world: World, history: History, when: string): Promise<string[]> {
  const violations: string[] = [];
  for (const owner of TENANTS) {
    const made = world.keys.get(owner);
    if (!made) continue;
    const reply = await perform(world, { kind: "use", owner }, 0);
    const said = reply.kind === "key" ? reply.verdict : reply.kind;
    const expected = revocationsOf(history, made.by).length > 0 ? "refused" : "let in";
    if (said !== expected) violations.push(`${when}, key ${made.by} was in the end ${said}, not ${expected}`);
  }
  return violations;
}

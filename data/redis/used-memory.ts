import { asResult } from "./as-result.ts";
import type { RedisPort } from "./port.ts";

/** Memory that Redis uses for data, in bytes; `undefined` if it does not say. https://redis.io/docs/latest/commands/info/ */
export async function usedMemory(redis: RedisPort): Promise<number | undefined> {
  const info = await asResult(async () => ({ text: String(await redis.command("INFO", "memory")) }));
  const bytes = "text" in info ? /^used_memory:(\d+)/m.exec(info.text)?.[1] : undefined;
  return bytes === undefined ? undefined : Number(bytes);
}

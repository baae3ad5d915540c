import type { RedisPort, Reply } from "../../data/redis/port.ts";

/** Sends commands, each once the one before is answered. */
export async function inTurn(redis: RedisPort, commands: string[][]): Promise<Reply[]> {
  const replies: Reply[] = [];
  for (const [name = "", ...args] of commands) replies.push(await redis.command(name, ...args));
  return replies;
}

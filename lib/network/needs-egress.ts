import type { Config } from "../config.ts";

/** Whether anything in the private subnets has to reach the internet, or AWS's public endpoints. */
export function needsEgress({ redis, sizes }: Config): boolean {
  return redis === "upstash" || !sizes.network.interfaceEndpoints;
}

import { byCodes } from "./scale/by-codes.ts";
import { byDepth } from "./scale/by-depth.ts";
import { byEvents } from "./scale/by-events.ts";
import { byTenants } from "./scale/by-tenants.ts";
import type { Growth } from "./scale/growth.ts";

export interface ScaleOptions {
  codes: number[];
  tenants: number[];
  events: number[];
  depths: number[];
  /** Requests of which each point is the median. */
  requests: number;
}

/** How costs grow with codes, tenants, scans and the outbox. */
export async function scale(options: ScaleOptions, progress: (line: string) => void): Promise<Growth[]> {
  const { codes, tenants, events, depths, requests } = options;
  return [
    await byCodes(codes, requests, progress),
    ...(await byTenants(tenants, requests, progress)),
    await byEvents(events, requests, progress),
    await byDepth(depths, requests, progress),
  ];
}

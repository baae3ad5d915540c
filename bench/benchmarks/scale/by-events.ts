import { addCodes } from "../../catalogue.ts";
import { withChild } from "../../child-process.ts";
import { operations } from "../../operations.ts";
import { addScans } from "../../scan-history.ts";
import { withServers } from "../../servers.ts";
import { Growing, type Growth } from "./growth.ts";
import { medianRequest } from "./median-request.ts";

const CODES = 100;
const MAX_DAYS = 365;

/** What the figures of a code cost after so many scans of all codes. */
export async function byEvents(
  sizes: number[],
  requests: number,
  progress: (line: string) => void,
): Promise<Growth> {
  const growing = new Growing("scans in Postgres, of 100 codes in 30 days", "ms");
  for (const scans of sizes) {
    progress(`scale: ${scans} persisted scans`);
    await withServers(async (servers) => {
      await addCodes(servers, 1, CODES);
      await addScans(servers, scans, CODES);
      const { stats } = await operations(servers.issuer, 1, CODES);
      await withChild("service.ts", servers.env, async (server) => {
        growing.add("stats, 30 days", scans, await medianRequest(server, stats, requests));
        const year = (n: number) => withQuery(stats.request(n % CODES), `days=${MAX_DAYS}`);
        growing.add(
          "stats, 365 days",
          scans,
          await medianRequest(server, { ...stats, request: year }, requests),
        );
      });
    });
  }
  return growing.growth();
}

function withQuery(request: Buffer, query: string): Buffer {
  return Buffer.from(request.toString().replace("/stats ", `/stats?${query} `));
}

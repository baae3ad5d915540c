import { addCodes, CODES_PER_TENANT } from "../../catalogue.ts";
import { withChild } from "../../child-process.ts";
import { closedLoop } from "../../closed-loop.ts";
import { operations } from "../../operations.ts";
import { withServers } from "../../servers.ts";
import { Growing, type Growth } from "./growth.ts";
import { medianRequest } from "./median-request.ts";

/** What so many tenants need of Redis, each with a list of 100 codes, one code and one link cached. */
export async function byTenants(
  sizes: number[],
  requests: number,
  progress: (line: string) => void,
): Promise<Growth[]> {
  const times = new Growing("tenants, all cached", "ms");
  const memory = new Growing("tenants, all cached", "MB");
  for (const tenants of sizes) {
    progress(`scale: ${tenants} tenants`);
    await withServers(async (servers) => {
      await addCodes(servers, tenants);
      const all = await operations(servers.issuer, tenants);
      const ofTenant = (n: number) => (n % tenants) * CODES_PER_TENANT;
      const reads = {
        list: { ...all.list, request: (n: number) => all.list.request(n % tenants) },
        get: { ...all.get, request: (n: number) => all.get.request(ofTenant(n)) },
        scan: { ...all.scan, request: (n: number) => all.scan.request(ofTenant(n)) },
      };
      await withChild("service.ts", servers.env, async (server) => {
        const before = await servers.redisMegabytes();
        for (const { request, status } of Object.values(reads))
          await closedLoop({ port: server.port, connections: 8, requests: tenants, request, status });
        memory.add("Redis memory", tenants, (await servers.redisMegabytes()) - before);
        for (const [name, read] of Object.entries(reads))
          times.add(name, tenants, await medianRequest(server, read, requests));
      });
    });
  }
  return [times.growth(), memory.growth()];
}

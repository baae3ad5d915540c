import { addCodes, tenantId } from "../../catalogue.ts";
import { withChild } from "../../child-process.ts";
import { requestBytes } from "../../http-connection.ts";
import { operations } from "../../operations.ts";
import { withServers } from "../../servers.ts";
import { WITHOUT_REDIS } from "../../without-redis.ts";
import { Growing, type Growth } from "./growth.ts";
import { medianRequest } from "./median-request.ts";

/** What Postgres needs for each request of a tenant with so many codes; nothing is cached. */
export async function byCodes(
  sizes: number[],
  requests: number,
  progress: (line: string) => void,
): Promise<Growth> {
  const growing = new Growing("codes of the tenant, nothing cached", "ms");
  for (const codes of sizes) {
    progress(`scale: a tenant with ${codes} codes`);
    await withServers(async (servers) => {
      await addCodes(servers, 1, codes);
      const all = await operations(servers.issuer, 1, codes);
      const token = await servers.issuer.issue([tenantId(0)], ["qr:read"]);
      const find = (query: string) =>
        requestBytes("GET", `/qr?${query}`, { authorization: `Bearer ${token}` });
      // A prime step: codes of all ages, none twice in a row.
      const anyCode = (n: number) => (n * 7_919) % codes;
      await withChild("service.ts", { ...servers.env, ...WITHOUT_REDIS }, async (server) => {
        const measure = async (title: string, status: number, request: (n: number) => Buffer) =>
          growing.add(title, codes, await medianRequest(server, { request, status }, requests));
        await measure("list", 200, all.list.request);
        await measure("list, by tag", 200, () => find("tag=shop"));
        await measure("list, by a tag of one in 50", 200, (n) => find(`tag=shelf+${n % 50}`));
        await measure("list, search for one", 200, (n) => find(`q=menus%2F${anyCode(n)}`));
        await measure("get", 200, (n) => all.get.request(anyCode(n)));
        await measure("scan", 302, (n) => all.scan.request(anyCode(n)));
        await measure("stats", 200, (n) => all.stats.request(anyCode(n)));
        await measure("patch", 200, (n) => all.patch.request(anyCode(n)));
        await measure("generate", 201, all.generate.request);
      });
    });
  }
  return growing.growth();
}

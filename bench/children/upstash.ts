import { startUpstashServer } from "../../test/support/upstash-server.ts";
import { serveParent } from "./child.ts";

/** Upstash's REST protocol in front of a redis-server. */
const { REDIS_URL = "", UPSTASH_TOKEN = "" } = process.env;
const server = await startUpstashServer(REDIS_URL, UPSTASH_TOKEN);
serveParent(Number(new URL(server.url).port), () => server.stop());

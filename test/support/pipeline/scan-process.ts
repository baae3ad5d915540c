import { openPort, serveGateway } from "../../../bin/local/gateway.ts";
import { createHandlers } from "../../../bin/local/handlers.ts";
import { servicesFrom } from "../../../functions/runtime/services.ts";

/*
 * A process that answers scans, to be killed. Arguments: the port, the checked variables as JSON.
 */

const [port, env] = process.argv.slice(2);
const services = await servicesFrom(JSON.parse(env ?? ""));
const server = await openPort("127.0.0.1", Number(port));
serveGateway(server, {
  handlers: createHandlers(services),
  log: services.log,
});

import type { AddressInfo } from "node:net";
import { drawingPool } from "../../bin/local/drawing-pool.ts";
import { fewTransactions, transactionLimits } from "../../bin/local/few-transactions.ts";
import { closeGateway, openPort, serveGateway } from "../../bin/local/gateway.ts";
import { createHandlers } from "../../bin/local/handlers.ts";
import { manyRowsThread } from "../../bin/local/many-rows-thread.ts";
import { countedMetrics } from "../../bin/local/metrics/counted.ts";
import { removeTogether } from "../../bin/local/remove-together.ts";
import { LOCAL_TOKENS, openTokenIssuer } from "../../bin/local/tokens.ts";
import { fixedKeys } from "../../core/auth/issuer-keys.ts";
import { routes } from "../../functions/manifest.ts";
import { readEnv } from "../../functions/runtime/env.ts";
import { servicesFrom } from "../../functions/runtime/services.ts";
import { serveParent } from "./child.ts";

/** The gateway and all endpoints, as `npm start` runs them, over the servers that the environment names. */
const env = readEnv(
  routes.flatMap((route) => [...route.uses]),
  { ...process.env, ...LOCAL_TOKENS },
);
/** Behind the machine's clock by so much. */
let lag = 0;
const drawing = drawingPool();
const issuer = await openTokenIssuer(process.env.KEY_FOLDER ?? "", "tenant_id");
const counted = countedMetrics();
const made = await servicesFrom(env, {
  metrics: counted.metrics,
  drawing,
  issuerKeys: fixedKeys(issuer.publicKeys),
  now: () => Date.now() - lag,
});
// What delays the way to Postgres runs on this machine, too.
const isElsewhere = process.env.POSTGRES_ELSEWHERE === "true" || undefined;
const services = removeTogether(fewTransactions(made, transactionLimits(made, isElsewhere)));
const manyRows = manyRowsThread({ env, publicKeys: issuer.publicKeys, counted });
const server = await openPort("127.0.0.1", 0);
serveGateway(server, {
  handlers: { ...createHandlers(services, counted.metricsOf), ...manyRows.handlers },
  replied: counted.replied,
  log: services.log,
});
serveParent(
  (server.address() as AddressInfo).port,
  async () => {
    server.closeAllConnections();
    await closeGateway(server);
    await manyRows.close();
    await services.close();
    await drawing.close();
  },
  (now) => {
    lag = Date.now() - now;
  },
);

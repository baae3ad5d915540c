import { openConsole } from "../../bin/local/console.ts";
import { countedMetrics } from "../../bin/local/metrics/counted.ts";
import { type MetricsPages, openMetrics } from "../../bin/local/metrics/pages.ts";
import { makeFolder } from "./temporary-folder.ts";
import { startTestStack, type TestStack, type TestStackOptions } from "./test-stack.ts";

export interface ConsoleStack extends TestStack {
  /** What signing in asks for, where it does. */
  secret: string | undefined;
  /** What Prometheus has to send, where it does. */
  metricsToken: string | undefined;
}

export interface ConsoleStackOptions extends TestStackOptions {
  /** What the gateway believes to listen on; it decides whether signing in needs the secret. */
  host?: string;
}

/** The whole service with its console, as `npm start` serves it. */
export async function startConsoleStack(options: ConsoleStackOptions = {}): Promise<ConsoleStack> {
  const { host = "127.0.0.1", ...others } = options;
  const folder = await makeFolder("qr-service-console-");
  const counted = countedMetrics();
  let secret: string | undefined;
  let figures: MetricsPages | undefined;
  const stack = await startTestStack({
    counted,
    ...others,
    async extend({ baseUrl, services, issuer }) {
      const opened = await openConsole({
        services,
        issuer,
        dataFolder: folder.path,
        tenantClaim: "tenant_id",
        host,
        port: new URL(baseUrl).port,
        publicBaseUrl: baseUrl,
      });
      secret = opened.secret;
      const pages = await openMetrics({ services, counted, dataFolder: folder.path, host });
      figures = pages;
      return {
        beside: async (request, path) => opened.beside(request, path) ?? pages.beside(request, path),
        signIn: opened.signIn,
      };
    },
  });
  return {
    ...stack,
    secret,
    metricsToken: figures?.token,
    async close() {
      figures?.stop();
      await stack.close();
      await folder.remove();
    },
  };
}

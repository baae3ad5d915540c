import { openConsole } from "../../bin/local/console.ts";
import { makeFolder } from "./temporary-folder.ts";
import { startTestStack, type TestStack, type TestStackOptions } from "./test-stack.ts";

export interface ConsoleStack extends TestStack {
  /** What signing in asks for, where it does. */
  secret: string | undefined;
}

export interface ConsoleStackOptions extends TestStackOptions {
  /** What the gateway believes to listen on; it decides whether signing in needs the secret. */
  host?: string;
}

/** The whole service with its console, as `npm start` serves it. */
export async function startConsoleStack(options: ConsoleStackOptions = {}): Promise<ConsoleStack> {
  const { host = "127.0.0.1", ...others } = options;
  const folder = await makeFolder("qr-service-console-");
  let secret: string | undefined;
  const stack = await startTestStack({
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
      return { beside: opened.beside, signIn: opened.signIn };
    },
  });
  return {
    ...stack,
    secret,
    async close() {
      await stack.close();
      await folder.remove();
    },
  };
}

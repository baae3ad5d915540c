import { Fn } from "aws-cdk-lib";
import type { ApplicationRole } from "../../functions/manifest.ts";
import { PORTS } from "../network/firewall.ts";

export const DATABASE_NAME = "qr";
/** The master user, who owns the schema. */
export const DATABASE_OWNER = "qr";

/** How a function connects; the password is in its user's secret. */
export function databaseUrl(user: ApplicationRole | "owner", host: string): string {
  const name = user === "owner" ? DATABASE_OWNER : user;
  return Fn.join("", [`postgres://${name}@`, host, `:${PORTS.postgres}/${DATABASE_NAME}`]);
}

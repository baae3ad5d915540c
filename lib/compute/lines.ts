import {
  type Endpoint,
  endpoints,
  type Trigger,
  type TriggerName,
  triggers,
} from "../../functions/manifest.ts";
import type { Config } from "../config.ts";
import { needsEgress } from "../network/needs-egress.ts";

/** Triggers that only a Kafka cluster needs. */
const OF_KAFKA: readonly string[] = ["create-topic", "persist-scans"];

/** What copies the issuer's keys to where functions without a way out of the network read them. */
export const COPIER: TriggerName = "copy-issuer-keys";

/** A function's line, as far as the configuration has it use what the manifest says. */
export function lineOf<L extends Endpoint | Trigger>(line: L, { events }: Config): L {
  if (events === "msk") return line;
  return { ...line, uses: line.uses.filter((use) => use !== "kafka") };
}

/** The lines of the functions that a configuration has, in the manifest's order. */
export function linesOf(config: Config): (Endpoint | Trigger)[] {
  const present = (triggers as readonly Trigger[]).filter(
    ({ name }) =>
      (config.events === "msk" || !OF_KAFKA.includes(name)) && (name !== COPIER || !needsEgress(config)),
  );
  return [...endpoints, ...present].map((line) => lineOf(line, config));
}

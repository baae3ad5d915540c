import type { Rules } from "./rule.ts";
import type { Signals } from "./signals.ts";

/** A service that nobody uses, or that nobody reaches any more, has no errors: the canary is its one sure visitor. */
export function canaryRules(signals: Signals): Rules {
  return {
    "canary-scan": {
      metric: signals.own("CanaryScans", "canary"),
      description: "A scan by the public URL, from outside the network, is not redirected as it should be.",
      threshold: 1,
      below: true,
      silenceIsBad: true,
    },
    "canary-persisted": {
      metric: signals.own("CanaryPersisted", signals.persister),
      description: "The scans of the canary don't reach Postgres.",
      threshold: 1,
      below: true,
      silenceIsBad: true,
    },
  };
}

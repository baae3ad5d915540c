import type { Rules } from "./rule.ts";
import type { Signals } from "./signals.ts";

/** An idle or unreachable service reports no errors: only the canary is sure to visit it. */
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

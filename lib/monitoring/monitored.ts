import type { Config } from "../config.ts";

/** What the dashboard and the alarms look at. */
export interface Monitored {
  config: Config;
  /** Names from the manifest, of the functions that there are. */
  functions: string[];
  apiId: string;
  /** Only where events go to Kafka. */
  failedBatchesBucket?: string;
  /** Only where Redis is ElastiCache. */
  valkeyId?: string;
  /** Holds the ID of the NAT instance; only where the way out is one. */
  natInstanceParameter?: string;
  /** Only where it is gateways. */
  natGatewayIds?: string[];
}

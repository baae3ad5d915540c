import type { StageName } from "../stage.ts";

/** What the dashboard and the alarms look at. */
export interface Monitored {
  stage: StageName;
  /** Names from the tables of routes and triggers, in their order. */
  functions: string[];
  apiId: string;
  clusterName: string;
  databaseId: string;
  failedBatchesBucket: string;
  /** Only where Redis is ElastiCache. */
  valkeyId?: string;
}

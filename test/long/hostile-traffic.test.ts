import { hostileTrafficSuite } from "../support/hostile/suite.ts";

hostileTrafficSuite({ requests: 30_000, events: 30_000, timeout: 1_200_000 });

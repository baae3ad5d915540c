import { hostileTrafficSuite } from "../support/hostile/suite.ts";

hostileTrafficSuite({ requests: 750, events: 750, timeout: 60_000 });

import { linearizabilitySuite } from "../support/linearizability/suite.ts";

await linearizabilitySuite(40_000, 20);

import { linearizabilitySuite } from "../support/linearizability/suite.ts";

await linearizabilitySuite(8_000, 2);

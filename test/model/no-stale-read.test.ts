import { noStaleReadSuite } from "../support/model/suite.ts";

// That it can fail was tried: with a fill that does not look at the fence it does within two seconds, and tells the
// three requests that show it.
await noStaleReadSuite(1_500, 120_000);

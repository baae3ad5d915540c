import { noStaleReadSuite } from "../support/model/suite.ts";

await noStaleReadSuite(20_000, 1_200_000);

import { styledSuite } from "../support/styled-suite.ts";

styledSuite(100_000, 3_000, 3_600_000);

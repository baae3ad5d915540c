import { styledSuite } from "../support/styled-suite.ts";

styledSuite(10_000, 3_000, 3_600_000);

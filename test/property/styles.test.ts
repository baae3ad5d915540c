import { styledSuite } from "../support/styled-suite.ts";

styledSuite(1, 200, 300_000);

import { styledSuite } from "../support/styled-suite.ts";

styledSuite(1, 200, 600_000, 4);

import { styledSuite } from "../support/styled-suite.ts";

styledSuite(1, 200, 900_000);

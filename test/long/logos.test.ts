import { describe } from "vitest";
import { logoCorpora } from "../support/logo-corpora.ts";
import { lacks } from "../support/requirements.ts";

describe.skipIf(await lacks("corpora"))("the logos of public corpora", () => logoCorpora(1, 3_600_000));

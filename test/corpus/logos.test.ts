import { describe } from "vitest";
import { logoCorpora } from "../support/logo-corpora.ts";
import { lacks } from "../support/requirements.ts";

describe.skipIf(await lacks("corpora"))("every 30th logo of public corpora", () => logoCorpora(30, 120_000));

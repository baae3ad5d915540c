import { readFileSync, writeFileSync } from "node:fs";
import { withEndpoints } from "./api-page.ts";
import { clientTypes } from "./client-types.ts";
import { consoleContract } from "./console-contract.ts";
import { openApiDocument } from "./document.ts";

const FILE = new URL("../../openapi.json", import.meta.url);
const PAGE = new URL("../../docs/api.md", import.meta.url);
const TYPES = new URL("../../clients/typescript/src/schema.ts", import.meta.url);
const CONTRACT = new URL("../../console/api/contract.ts", import.meta.url);

const document = openApiDocument();
writeFileSync(FILE, `${JSON.stringify(document, null, 2)}\n`);
writeFileSync(TYPES, clientTypes(document));
writeFileSync(CONTRACT, consoleContract(document));
writeFileSync(PAGE, withEndpoints(readFileSync(PAGE, "utf8")));

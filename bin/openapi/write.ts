import { readFileSync, writeFileSync } from "node:fs";
import { withEndpoints } from "./api-page.ts";
import { openApiDocument } from "./document.ts";

const FILE = new URL("../../openapi.json", import.meta.url);
const PAGE = new URL("../../docs/api.md", import.meta.url);

writeFileSync(FILE, `${JSON.stringify(openApiDocument(), null, 2)}\n`);
writeFileSync(PAGE, withEndpoints(readFileSync(PAGE, "utf8")));

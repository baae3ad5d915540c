import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { asyncApiDocument, eventVersions } from "./document.ts";

const FILE = new URL("../../asyncapi.json", import.meta.url);
const FOLDER = new URL("../../schemas/", import.meta.url);

const text = (json: unknown) => `${JSON.stringify(json, null, 2)}\n`;

writeFileSync(FILE, text(asyncApiDocument()));
rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(FOLDER);
for (const { name, schema } of eventVersions()) writeFileSync(new URL(`${name}.json`, FOLDER), text(schema));

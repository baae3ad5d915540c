import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { contactSheet } from "./sheet.ts";

/** Draws the sheet of styles that `docs/pictures.md` shows. */
const { png } = await contactSheet();
writeFileSync(join(import.meta.dirname, "../../docs/styles.png"), png);

import { writeFileSync } from "node:fs";
import { compileScripts, scriptsModule } from "./compile.ts";

const MODULE = new URL("../../data/redis/scripts.ts", import.meta.url);

writeFileSync(MODULE, scriptsModule(compileScripts()));

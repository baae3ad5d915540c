// Imports a module in this process, and tells how long that took and which files it loaded.
import { registerHooks } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";

const files = [];
registerHooks({
  load(url, context, next) {
    if (url.startsWith("file:")) files.push(fileURLToPath(url));
    return next(url, context);
  },
});

const started = performance.now();
await import(pathToFileURL(process.argv[2]));
const ms = performance.now() - started;
process.stdout.write(JSON.stringify({ ms, files }), () => process.exit(0));

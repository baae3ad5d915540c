import { parentPort } from "node:worker_threads";

/** Dies with the first request that it is given. */
parentPort?.on("message", () => process.exit(1));

// The least of a managed Node runtime: loads the function's handler, and hands it one invocation after the other.
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
import { existsSync, realpathSync } from "node:fs";
import { registerHooks } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { format } from "node:util";

// The managed runtime brings an HTTP client of its own; `fetch`, or an `import` of `node:http`, would take 20 ms of every
// cold start that is measured.
const { Agent, request } = process.getBuiltinModule("node:http");

const { AWS_LAMBDA_RUNTIME_API, LAMBDA_TASK_ROOT, _HANDLER } = process.env;
const api = `http://${AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime`;
const agent = new Agent({ keepAlive: true });

/** The function's files that were loaded, in order, for the tests to see. */
const loaded = [];
registerHooks({
  load(url, context, next) {
    const root = `${realpathSync(LAMBDA_TASK_ROOT)}/`;
    if (url.startsWith("file:") && fileURLToPath(url).startsWith(root)) {
      loaded.push(fileURLToPath(url).slice(root.length));
    }
    return next(url, context);
  },
});

/** With `LogFormat: JSON` the runtime writes what reaches the global console as lines of JSON. */
let requestId;
for (const method of ["debug", "info", "log", "warn", "error"]) {
  console[method] = (...parts) => {
    const level = method === "log" ? "INFO" : method.toUpperCase();
    const line = { timestamp: new Date().toISOString(), level, requestId, message: format(...parts) };
    process.stdout.write(`${JSON.stringify(line)}\n`);
  };
}

async function ask(method, path, body) {
  const { promise, resolve, reject } = Promise.withResolvers();
  const headers = { "test-loaded-modules": loaded.join(",") };
  request(`${api}/${path}`, { method, agent, headers }, resolve).on("error", reject).end(body);
  const reply = await promise;
  const chunks = [];
  for await (const chunk of reply) chunks.push(chunk);
  return { headers: reply.headers, body: Buffer.concat(chunks).toString() };
}

const post = (path, body) => ask("POST", path, JSON.stringify(body));

const described = (error) => ({
  errorType: error?.name ?? "Error",
  errorMessage: String(error?.message ?? error),
  trace: String(error?.stack ?? "").split("\n"),
});

/** As the managed runtime looks for it: the module with one of these endings, and its export. */
async function loadHandler() {
  const [module, name] = _HANDLER.split(".");
  const files = [".js", ".mjs", ".cjs"].map((ending) => join(LAMBDA_TASK_ROOT, module + ending));
  const file = files.find((candidate) => existsSync(candidate));
  if (!file) throw new Error(`cannot find module '${module}'`);
  const handler = (await import(pathToFileURL(file)))[name];
  if (typeof handler !== "function") throw new Error(`${_HANDLER} is undefined or not exported`);
  return handler;
}

let handler;
try {
  handler = await loadHandler();
} catch (error) {
  await post("init/error", described(error));
  process.exit(1);
}

for (;;) {
  const { headers, body } = await ask("GET", "invocation/next");
  requestId = headers["lambda-runtime-aws-request-id"];
  const deadline = Number(headers["lambda-runtime-deadline-ms"]);
  const context = {
    awsRequestId: requestId,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    invokedFunctionArn: headers["lambda-runtime-invoked-function-arn"],
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
  try {
    const result = await handler(JSON.parse(body), context);
    await post(`invocation/${requestId}/response`, result ?? null);
  } catch (error) {
    await post(`invocation/${requestId}/error`, described(error));
  }
}

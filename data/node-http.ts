/**
 * Node's HTTP module. An `import` of it, or a first call of `fetch`, takes 20 ms of a cold start: either loads undici, the
 * import because the module exports its `WebSocket` (https://github.com/nodejs/node/blob/v24.x/lib/http.js).
 */
export function nodeHttp(): typeof import("node:http") {
  return process.getBuiltinModule("node:http");
}

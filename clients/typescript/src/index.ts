export { type ChangeOptions, type ClientOptions, QrClient } from "./client.ts";
export { QrServiceError } from "./error.ts";
export type * from "./schema.ts";

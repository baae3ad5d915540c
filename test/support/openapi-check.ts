import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { openApiDocument } from "../../bin/openapi/document.ts";
import { matchRoute } from "../../functions/http/match-route.ts";
import { closed } from "./closed-schemas.ts";

interface Description {
  paths: Record<
    string,
    Record<string, { responses: Record<string, { content?: Record<string, { schema: object }> }> }>
  >;
}

// Replies are open to fields of later versions; those of this one hold what is described and no more.
const description = closed(openApiDocument()) as Description;
const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema({ ...description, $id: "openapi" });

/**
 * Holds a reply against the API's description: its status, its media type, and its body if that is JSON.
 *
 * @throws Error saying what the description does not allow
 */
export async function checkReply(method: string, path: string, reply: Response): Promise<void> {
  const [pathname = ""] = path.split("?");
  const match = matchRoute(method, pathname);
  if (!match) return;
  const where = `${method} ${match.route.path} → ${reply.status}`;
  const response = description.paths[match.route.path]?.[method.toLowerCase()]?.responses[reply.status];
  if (!response) throw new Error(`${where}: the status is not described`);
  if (method === "HEAD" || !response.content) return;
  const type = reply.headers.get("content-type")?.split(";")[0] ?? "";
  if (!response.content[type]) throw new Error(`${where}: the media type ${type} is not described`);
  if (!/[/+]json$/.test(type)) return;
  const pointer = [
    "paths",
    match.route.path,
    method.toLowerCase(),
    "responses",
    String(reply.status),
    "content",
    type,
  ]
    .map((part) => part.replaceAll("~", "~0").replaceAll("/", "~1"))
    .map(encodeURIComponent)
    .join("/");
  const validate = ajv.getSchema(`openapi#/${pointer}/schema`);
  if (!validate?.(await reply.clone().json())) {
    throw new Error(`${where}: ${ajv.errorsText(validate?.errors)}`);
  }
}

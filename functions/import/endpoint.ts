import { createHash } from "node:crypto";
import { Invalid } from "../../core/errors.ts";
import { bodyText, JSON_OR_CSV } from "../http/body-text.ts";
import { hasMoreValues } from "../http/count-values.ts";
import { type HttpHandler, tenantEndpoint, tooManyValues } from "../http/endpoint.ts";
import { idempotencyKeyOf, REPLAYED } from "../http/idempotency-key.ts";
import { inTurns, type Pause } from "../http/in-turns.ts";
import { json } from "../http/reply.ts";
import { withFailures } from "../http/rows-failed.ts";
import type { AuthorizedEvent } from "../http/tenancy.ts";
import { validate } from "../http/validate.ts";
import { routeNamed } from "../manifest.ts";
import { required } from "../runtime/env.ts";
import { manyRowsLimiter } from "../runtime/many-rows-limits.ts";
import type { Services } from "../runtime/services.ts";
import { rowChecker } from "./check-rows.ts";
import { type GivenRows, rowsOfCsv, rowsOfJson } from "./read-rows.ts";
import { importQuery } from "./schema.ts";
import { importRows } from "./use-case.ts";

const LIMITS = routeNamed("import").body;

export function createHandler(services: Services): HttpHandler {
  const checkRows = rowChecker(required(services.env, "PUBLIC_BASE_URL"));
  const imports = manyRowsLimiter(services);
  return tenantEndpoint("import", services, async (call) => {
    const { event, tenantId } = call;
    const query = validate(importQuery, event.queryStringParameters ?? {}, "query");
    const key = idempotencyKeyOf(event);
    const text = bodyText(event, LIMITS.maxBytes, JSON_OR_CSV) ?? "";
    return withFailures(event.requestContext.requestId, () =>
      imports(tenantId, async () => {
        const pause = inTurns();
        const rows = await checkRows(await givenRows(event, text, pause), pause);
        const request =
          key === undefined ? undefined : { tenantId, key, body: { import: hashOf(text), ...query } };
        const { report, replayed } = await importRows(services, call, rows, query, pause, request);
        return json(200, report, replayed ? REPLAYED : {});
      }),
    );
  });
}

const hashOf = (text: string) => createHash("sha256").update(text).digest("hex");

async function givenRows(event: AuthorizedEvent, text: string, pause: Pause): Promise<GivenRows> {
  if (/^\s*text\/csv/i.test(event.headers["content-type"] ?? "")) return rowsOfCsv(text, pause);
  if (text === "") throw new Invalid([{ path: "body", message: "must be a JSON object" }]);
  if (hasMoreValues(text, LIMITS.maxValues)) throw tooManyValues(LIMITS.maxValues);
  return rowsOfJson(text);
}

import { ServiceError } from "../../core/errors.ts";
import type { ScanHit, ScanOutcome } from "../../data/redis/link-cache.ts";
import { asksForJson } from "../http/accept.ts";
import { type HttpHandler, publicEndpoint } from "../http/endpoint.ts";
import { CACHED, type HttpReply, NO_INDEX } from "../http/reply.ts";
import type { AuthorizedEvent } from "../http/tenancy.ts";
import { processEnv, required } from "../runtime/env.ts";
import type { Services } from "../runtime/services.ts";
import { captureScan } from "./capture.ts";
import { modeOf } from "./mode.ts";
import { scannedIdOf } from "./scanned-id.ts";
import { scanCode } from "./use-case.ts";

export function createHandler(services: Services): HttpHandler {
  const settings = {
    visitorKey: required(services.env, "VISITOR_KEY"),
    countryHeader: services.env.COUNTRY_HEADER?.toLowerCase(),
    addressHeader: services.env.VIEWER_ADDRESS_HEADER?.toLowerCase(),
    ...traceHeaderOfLambda(),
  };
  const handle = async (event: AuthorizedEvent): Promise<HttpReply> => {
    try {
      const scan = captureScan(event, scannedIdOf(event), services.now(), settings);
      const mode = modeOf(event, scan.bot);
      const outcome = await scanCode(services, mode, scan);
      if (outcome.state === "open" && mode !== "peek") services.metrics.add(scan.bot ? "Bots" : "Scans");
      return redirect(outcome);
    } catch (error) {
      if (!(error instanceof ServiceError) || asksForJson(event.headers)) throw error;
      const { scanErrorPage } = await import("./error-page.ts");
      return scanErrorPage(error);
    }
  };
  return publicEndpoint(services, handle, NO_INDEX);
}

/** Only in Lambda, which sets it for each invocation: a look at the environment costs half a microsecond. */
function traceHeaderOfLambda() {
  // https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
  return processEnv.AWS_LAMBDA_FUNCTION_NAME ? { traceHeader: () => processEnv._X_AMZN_TRACE_ID } : {};
}

/** 302 and not to be stored: a remembered redirect would defeat the next edit and the next count. */
function redirect(outcome: ScanHit | ScanOutcome): HttpReply {
  const { state, url } = outcome;
  if (url !== null) {
    const headers = { location: url, "cache-control": "private, no-store" };
    return { statusCode: 302, headers, [CACHED]: "result" in outcome };
  }
  if (state === "unknown") throw new ServiceError("not-found", "there is no such code");
  if (state === "early") throw new ServiceError("not-found", "this code is not active yet");
  throw new ServiceError("gone", "this code is no longer active");
}

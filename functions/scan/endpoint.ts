import { ServiceError } from "../../core/errors.ts";
import type { ScanOutcome } from "../../data/redis/link-cache.ts";
import { type HttpHandler, publicEndpoint, qrIdOf } from "../http/endpoint.ts";
import type { HttpReply } from "../http/reply.ts";
import type { AuthorizedEvent } from "../http/tenancy.ts";
import { required } from "../runtime/env.ts";
import type { Services } from "../runtime/services.ts";
import { captureScan } from "./capture.ts";
import { modeOf } from "./mode.ts";
import { scanCode } from "./use-case.ts";

export function createHandler(services: Services): HttpHandler {
  const settings = {
    visitorKey: required(services.env, "VISITOR_KEY"),
    countryHeader: services.env.COUNTRY_HEADER?.toLowerCase(),
    addressHeader: services.env.VIEWER_ADDRESS_HEADER?.toLowerCase(),
  };
  return publicEndpoint(services, async (event) => {
    try {
      const scan = captureScan(event, qrIdOf(event), services.now(), settings);
      const mode = modeOf(event, scan.bot);
      const outcome = await scanCode(services, mode, scan);
      if (outcome.state === "open" && mode !== "peek") services.metrics.add(scan.bot ? "Bots" : "Scans");
      return redirect(outcome);
    } catch (error) {
      if (!(error instanceof ServiceError) || wantsJson(event)) throw error;
      const { scanErrorPage } = await import("./error-page.ts");
      return scanErrorPage(error);
    }
  });
}

/** 302 and not to be stored: a remembered redirect would defeat the next edit and the next count. */
function redirect({ state, url }: ScanOutcome): HttpReply {
  if (url !== null) {
    return { statusCode: 302, headers: { location: url, "cache-control": "private, no-store" } };
  }
  if (state === "unknown") throw new ServiceError("not-found", "there is no such code");
  if (state === "early") throw new ServiceError("not-found", "this code is not active yet");
  throw new ServiceError("gone", "this code is no longer active");
}

function wantsJson({ headers }: AuthorizedEvent): boolean {
  return /application\/(problem\+)?json/i.test(headers.accept ?? "");
}

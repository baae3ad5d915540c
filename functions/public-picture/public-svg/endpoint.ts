import type { HttpHandler } from "../../http/endpoint.ts";
import type { Services } from "../../runtime/services.ts";
import { publicPicture } from "../public-picture.ts";

export function createHandler(services: Services): HttpHandler {
  return publicPicture("svg", services);
}

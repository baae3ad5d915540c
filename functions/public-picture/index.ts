import { sharedLambdaHandler } from "../http/lambda.ts";
import { createHandler as publicPng } from "./public-png/endpoint.ts";
import { createHandler as publicSvg } from "./public-svg/endpoint.ts";

export const handler = await sharedLambdaHandler("public-picture", {
  "public-svg": publicSvg,
  "public-png": publicPng,
});

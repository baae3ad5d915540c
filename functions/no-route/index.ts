import { bareLambdaHandler } from "../http/bare-lambda.ts";
import { createHandler } from "./endpoint.ts";

export const handler = bareLambdaHandler("no-route", createHandler);

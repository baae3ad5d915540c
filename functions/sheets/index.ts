import { lambdaHandler } from "../http/lambda.ts";
import { createHandler } from "./endpoint.ts";

export const handler = await lambdaHandler("sheets", createHandler);

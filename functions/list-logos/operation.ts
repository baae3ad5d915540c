import * as z from "zod";
import { logoReply } from "../http/logo-operation.ts";
import { component, count, jsonReply, type Operation } from "../http/operation.ts";

export const operation: Operation = {
  reply: "`200 {logos, count}`, by name",
  replies: {
    200: jsonReply(
      "all of the tenant's logos",
      component("LogoList", z.object({ logos: z.array(logoReply), count })),
    ),
  },
  problems: [400],
};

import type { Operation } from "../http/operation.ts";

export const operation: Operation = {
  reply: "`302`; a code that does not redirect leads to its `fallbackUrl`, else 404 or 410",
  replies: {
    302: { description: "to the target, or to the fallback", content: null, headers: ["Location"] },
  },
  problems: [400, 404, 410],
};

import { expect, it } from "vitest";
import { callerOf } from "../../core/auth/caller.ts";

const actor = (claims: Record<string, unknown>) =>
  callerOf(claims, { tenantClaim: "tenant_id", scopePrefix: "" }).actor;

it.each([
  [{ sub: "u1", name: "Ada", email: "ada@example.com" }, "u1", "Ada"],
  [{ sub: "u1", email: "ada@example.com", username: "ada" }, "u1", "ada@example.com"],
  [{ sub: "u1", username: "ada" }, "u1", "ada"],
  [{ sub: "u1", client_id: "app" }, "u1", null],
  [{ client_id: "app" }, "app", null],
  [{}, "unknown", null],
  [{ sub: "", name: "" }, "unknown", null],
  [{ sub: 7, name: ["Ada"] }, "unknown", null],
])("claims %o name the actor %s, %s", (claims, id, name) => {
  expect(actor(claims)).toEqual({ type: "user", id, name });
});

it("holds nothing that Postgres does not take, nor more than can be read", () => {
  expect(actor({ sub: "u\0 1", name: `A\ud83d${"a".repeat(300)}` })).toEqual({
    ...{ type: "user", id: "u  1" },
    name: `A\ufffd${"a".repeat(198)}`,
  });
});

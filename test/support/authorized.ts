import { renderedClaims } from "../../functions/http/gateway-claims.ts";
import type { AuthorizedEvent } from "../../functions/http/tenancy.ts";

/** A token that nobody signed: what a handler gets has been verified before. */
export function unsignedToken(claims: object): string {
  const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");
  return `${encoded({ alg: "RS256" })}.${encoded(claims)}.unsigned`;
}

/** The parts of an event by which API Gateway says that it verified a token of these claims. */
export function authorizedBy(claims: Record<string, unknown>) {
  const token = unsignedToken(claims);
  return {
    headers: { authorization: `Bearer ${token}` },
    authorizer: {
      // As the token has it: without members that JSON leaves out.
      jwt: { claims: renderedClaims(JSON.parse(JSON.stringify(claims))), scopes: [] as string[] },
    } as unknown as AuthorizedEvent["requestContext"]["authorizer"],
  };
}

import { Invalid, ServiceError } from "../../core/errors.ts";
import { LOGO_NAME } from "../../core/picture/logo-name.ts";
import type { AuthorizedEvent } from "./tenancy.ts";

/** The logo that the path names. @throws Invalid if it can't be a logo's name */
export function logoNameOf({ pathParameters }: Pick<AuthorizedEvent, "pathParameters">): string {
  const name = pathParameters?.name ?? "";
  if (LOGO_NAME.test(name)) return name;
  throw new Invalid([{ path: "name", message: `must match ${LOGO_NAME.source}` }]);
}

/** No such logo for this caller. */
export function noLogo(name: string): ServiceError {
  return new ServiceError("not-found", `there is no logo ${name}`);
}

import { versionOf } from "../../core/code/code-tag.ts";
import { Invalid } from "../../core/errors.ts";

/** An entity tag of https://www.rfc-editor.org/rfc/rfc9110#section-8.8.3, followed by the next one's comma or the end. */
const ENTITY_TAG = /[\t ]*(?:(W\/)?("[\x21\x23-\x7e\x80-\uffff]*")[\t ]*)?(?:,|$)/y;

/**
 * The versions of a code that an `If-Match` header accepts; `undefined` if it accepts any: without the header, or with `*`.
 *
 * The strong comparison that the header takes rules out weak tags, and a tag that is none of a code matches nothing:
 * https://www.rfc-editor.org/rfc/rfc9110#section-13.1.1
 *
 * @throws Invalid if it is no list of entity tags
 */
export function expectedVersions(ifMatch: string | undefined): number[] | undefined {
  if (ifMatch === undefined || ifMatch.trim() === "*") return undefined;
  const versions: number[] = [];
  let tags = 0;
  ENTITY_TAG.lastIndex = 0;
  while (ENTITY_TAG.lastIndex < ifMatch.length) {
    const [, weak, opaque] = ENTITY_TAG.exec(ifMatch) ?? [undefined, undefined, null];
    if (opaque === null) throw malformed();
    if (opaque === undefined) continue;
    tags += 1;
    const version = weak ? undefined : versionOf(opaque);
    if (version !== undefined) versions.push(version);
  }
  if (tags === 0) throw malformed();
  return versions;
}

function malformed(): Invalid {
  return new Invalid([
    { path: "If-Match", message: 'must be * or a list of entity tags, such as "3.12-open"' },
  ]);
}

const LITERAL = /[\\^$.*+?()[\]{}|/-]/g;
const quote = (text: string) => text.replace(LITERAL, "\\$&");

/** A token of a pattern: an escaped character, a class (perhaps left open at the end), or any one character. */
const TOKEN = /\\(?<escaped>.)|\[(?<not>\^?)(?<members>(?:\\.|[^\]]-.|[^\]])*)\]?|(?<plain>.)/gs;
const MEMBER = /\\(?<escaped>.)|(?<from>.)-(?<to>.)|(?<plain>.)/gs;

/**
 * Compiles a Redis glob pattern (`*`, `?`, `[a-z]`, `[^a]`, `\x`) over byte strings.
 *
 * @see https://redis.io/docs/latest/commands/keys/
 */
export function globPattern(pattern: string): RegExp {
  const source = pattern.replace(TOKEN, (...match) => {
    const { escaped, not, members, plain } = match.at(-1);
    if (escaped !== undefined) return quote(escaped);
    if (members !== undefined) return `[${not}${classMembers(members)}]`;
    if (plain === "*") return ".*";
    return plain === "?" ? "." : quote(plain);
  });
  return new RegExp(`^${source}$`, "s");
}

/** Redis takes a range in either direction; a regular expression only upwards. */
function classMembers(members: string): string {
  return members.replace(MEMBER, (...match) => {
    const { from, to, escaped, plain } = match.at(-1);
    if (from === undefined) return quote(escaped ?? plain);
    return from <= to ? `${quote(from)}-${quote(to)}` : `${quote(to)}-${quote(from)}`;
  });
}

import { CODE_FIELDS } from "../../core/code/fields.ts";
import { replyFields } from "../../core/code/reply-fields.ts";
import { CODE_STATES } from "../../core/code/state.ts";
import type { RouteName } from "../../functions/manifest.ts";
import { described, operations } from "./operations.ts";

const BEGIN = "<!-- Written by `npm run openapi`. -->";
const END = "<!-- End of what it wrote. -->";

/** What a field that is not stored may hold. */
const COMPUTED: Record<string, { of: readonly string[] }> = { state: { of: CODE_STATES } };

/**
 * `docs/api.md` with its table of the endpoints and its list of a code's fields.
 *
 * @throws Error if the page lacks the comments that mark their place
 */
export function withEndpoints(page: string): string {
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`docs/api.md lacks the comments\n${BEGIN}\n${END}`);
  return `${page.slice(0, begin + BEGIN.length)}\n\n${endpoints()}\n\n${fields()}\n\n${page.slice(end)}`;
}

function endpoints(): string {
  const rows = described.map(({ name, methods, path, scope }) => {
    const { reply } = operations[name as RouteName];
    return `| \`${methods.join("`, `")} ${path}\` | ${scope ? `\`${scope}\`` : "public"} | ${reply} |`;
  });
  return ["| method, path | scope | reply |", "|---|---|---|", ...rows].join("\n");
}

function fields(): string {
  const names = Object.keys(replyFields()).map((name) => {
    const field = { ...CODE_FIELDS[name as keyof typeof CODE_FIELDS], ...COMPUTED[name] };
    return "of" in field ? `${name} (${field.of.join(" | ")})` : name;
  });
  return `A code has the fields \`${names.join(", ")}\`.`;
}

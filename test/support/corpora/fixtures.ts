/** An entry of a fixture: the text of its scalars, by name. */
export interface Fixture {
  userAgent: string;
  os: Record<string, string>;
  client: Record<string, string>;
  device: Record<string, string>;
  bot: boolean;
}

/** A key and its value, `depth` spaces deep. */
const PAIR = /^( *)(?:- +)?([\w-]+):(?: (.*))?$/;

/**
 * Reads a fixture of device-detector: a list of entries whose fields are scalars or maps of scalars. That little of
 * YAML needs no parser.
 */
export function readFixtures(text: string): Fixture[] {
  const entries: Fixture[] = [];
  let section: Record<string, string> = {};
  let inBlock = false;
  for (const line of text.split("\n")) {
    if (/^- *(?:$|\S)/.test(line)) {
      entries.push({ userAgent: "", os: {}, client: {}, device: {}, bot: false });
      inBlock = false;
    }
    const entry = entries.at(-1);
    if (!entry) continue;
    if (inBlock && /^ {4}/.test(line)) {
      entry.userAgent = `${entry.userAgent} ${line.trim()}`.trim();
      continue;
    }
    inBlock = false;
    const [, indent = "", key = "", value = ""] = PAIR.exec(line) ?? [];
    const depth = line.startsWith("-") ? 2 : indent.length;
    if (depth === 2) {
      section = {};
      if (key === "user_agent") {
        inBlock = /^[|>][+-]?$/.test(value);
        entry.userAgent = inBlock ? "" : scalar(value);
      }
      if (key === "bot") entry.bot = true;
      if (key === "os" || key === "client" || key === "device") entry[key] = section;
    } else if (depth === 4) section[key] = scalar(value);
  }
  return entries;
}

function scalar(text: string): string {
  const value = text.trim();
  if (/^'.*'$/.test(value)) return value.slice(1, -1).replaceAll("''", "'");
  if (!/^".*"$/.test(value)) return value;
  try {
    return JSON.parse(value) as string;
  } catch {
    // YAML knows escapes that JSON does not.
    return value.slice(1, -1);
  }
}

import { type Command, InvalidArgumentError, Option } from "commander";
import { CODE_FIELDS, type Field, type Setter } from "../../../core/code/fields.ts";
import { textsOfCell } from "../../../core/csv/tags.ts";

const FIELDS = Object.entries(CODE_FIELDS) as [string, Field][];

/** What resets an option to its default. */
const RESET = "";

/** Gives a command an option for each field that the request may set. */
export function addFieldOptions(command: Command, setter: Setter, without: readonly string[] = []): Command {
  for (const [name, field] of settable(setter, without)) command.addOption(optionOf(name, field, setter));
  return command;
}

/** The fields that were given, as the API takes them. */
export function givenFields(options: Record<string, unknown>, setter: Setter): Record<string, unknown> {
  const given = settable(setter, []).filter(([name]) => options[name] !== undefined);
  return Object.fromEntries(given.map(([name]) => [name, options[name] === RESET ? null : options[name]]));
}

function settable(setter: Setter, without: readonly string[]) {
  return FIELDS.filter(([name, { setBy }]) => setBy.includes(setter) && !without.includes(name));
}

function optionOf(name: string, field: Field, setter: Setter): Option {
  const flag = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  const isReset = setter === "patch" && field.default !== undefined && field.setBy.includes("generate");
  const reset = isReset ? '; "" resets it' : "";
  const [argument, description] = HINTS[field.kind](field);
  const option = new Option(argument ? `${flag} <${argument}>` : flag, `${description}${reset}`);
  if (field.kind === "choice") option.choices(field.of);
  if (argument) {
    const parse = PARSERS[field.kind];
    if (parse) option.argParser((text) => (isReset && text === RESET ? RESET : parse(text)));
  }
  return option;
}

type Kind = Field["kind"];

/** What stands behind an option, and what it says. */
const HINTS: Record<Kind, (field: Field) => [argument: string | undefined, description: string]> = {
  id: () => ["id", "an ID"],
  url: () => ["url", "http or https"],
  text: () => ["text", "a text"],
  texts: () => ["list", "texts, separated by commas, or a JSON array of them"],
  choice: () => ["value", "one of these"],
  instant: () => ["time", "ISO 8601, such as 2030-12-31T23:59:59Z"],
  integer: () => ["number", "a whole number"],
  flag: () => [undefined, "set it"],
  style: () => ["json", 'how pictures look, such as {"modules":"rounded"}'],
};

const PARSERS: Partial<Record<Kind, (text: string) => unknown>> = {
  texts(text) {
    const texts = textsOfCell(text);
    if (!texts) throw new InvalidArgumentError("It must be a list of texts.");
    return texts;
  },
  integer(text) {
    if (!/^\d+$/.test(text)) throw new InvalidArgumentError("It must be a whole number.");
    return Number(text);
  },
  style(text) {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      throw new InvalidArgumentError("It must be JSON.");
    }
  },
};

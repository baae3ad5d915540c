import type { ListPosition } from "../../core/code/cursor.ts";
import { canonicalText } from "../../core/code/unseen.ts";
import { CODE_COLUMNS } from "./code-row.ts";
import { persistedScans, persistedScansOn } from "./scan-rollups.ts";

export interface ListFilter {
  /** At most this many codes. */
  limit: number;
  /** Only codes that stand behind this one. */
  after?: ListPosition | undefined;
  /** Part of the name, the target or the ID, in any case. */
  search?: string | undefined;
  tag?: string | undefined;
  status?: string | undefined;
  /** The UTC day whose scans are asked for too, `YYYY-MM-DD`. */
  date?: string | undefined;
}

/** Whether finding the codes takes more than reading them in the order of the list. */
export function isSearch({ search, tag }: Pick<ListFilter, "search" | "tag">): boolean {
  return search !== undefined || tag !== undefined;
}

/**
 * Whether the trigram index knows the text. It holds words by groups of three characters, where the gap before a word
 * counts as two and the one after it as one. Signs alone make no group, nor does a letter with nothing but signs behind it.
 */
export function isIndexed(search: string): boolean {
  return [...search].length >= 3 && /.[\p{L}\p{N}]/su.test(search);
}

/** So many codes are looked through, in the order of the list, before anything else is tried. */
const NEXT_CODES = 2_000;

/** Matches among those from which a page can be expected to be filled further on, and how far to look: 1.5 pages' worth. */
const MIN_MATCHES = 20;
const FURTHER = 1.5 * NEXT_CODES;

/**
 * Words of which the trigram index holds every part, wherever they stand; and how many of them, the longest, may be
 * tried. Those that the next codes lack stand for the whole text in the index, which would else walk through the long
 * lists of whatever parts are common.
 */
const WORD = /[A-Za-z0-9]{3,}/g;
const MAX_WORDS = 5;

/**
 * Codes that a search of a text may look at before it is too broad: about 0.1 s of work. Those that the index hands to it
 * are counted as they come, and none is kept; a text that no index knows is looked for in as many of the next codes. A tag has no such bound: the index knows its codes exactly, and each costs little.
 */
export const MAX_CANDIDATES = 50_000;

/**
 * The one statement of a list, apart so that its plan can be looked at.
 *
 * Tags and texts have no index in the order of the list. What is common fills a page with the next codes, or a little
 * further on; of what is rare, the index finds all there is, and little has to be sorted. Which of the two it is turns
 * out as the query runs: it looks among the next codes, then as far as these let expect, and then asks the index.
 *
 * A search that is too broad gives a first row whose `too_broad` is true, and rows that mean nothing.
 */
export function listQuery(tenantId: string, filter: ListFilter): { sql: string; values: unknown[] } {
  const values: unknown[] = [tenantId];
  const bind = (value: unknown) => `$${values.push(value)}`;
  const { after, search, tag, status } = filter;
  const codes = ["tenant_id = $1", "deleted_at IS NULL"];
  if (status !== undefined) codes.push(`live_status = ${bind(status)}`);
  if (after) codes.push(`(created_at, qr_id) < (${bind(after.createdAt)}, ${bind(after.qrId)})`);
  const limit = bind(filter.limit);

  const from = (conditions: string[]) => `FROM qr_codes WHERE ${conditions.join(" AND ")}`;
  const newestFirst = "ORDER BY created_at DESC, qr_id DESC";
  const page = `${newestFirst} LIMIT ${limit}`;
  const today =
    filter.date === undefined ? "" : `, ${persistedScansOn("qr_codes", bind(filter.date))} AS today`;
  const columns = `${CODE_COLUMNS}, ${persistedScans("qr_codes")} AS scans${today}`;
  if (!isSearch(filter)) return { sql: `SELECT ${columns} ${from(codes)} ${page}`, values };

  // With a tag, the index finds the codes among which the text is looked for.
  if (search !== undefined && tag === undefined && !isIndexed(search)) {
    const sql = `WITH found AS MATERIALIZED (
      SELECT ${CODE_COLUMNS} FROM (SELECT * ${from(codes)} ${newestFirst} LIMIT ${MAX_CANDIDATES}) AS next_codes
      WHERE search ILIKE ${bind(patternOf(search))} ${page}),
    looked AS (
      SELECT count(*) < ${limit} AND EXISTS (
        SELECT ${from(codes)} ${newestFirst} OFFSET ${MAX_CANDIDATES} LIMIT 1) AS too_broad
      FROM found)
    SELECT ${columns}, too_broad FROM looked LEFT JOIN found AS qr_codes ON true
    WHERE too_broad OR qr_id IS NOT NULL ${newestFirst}`;
    return { sql, values };
  }

  const next = (count: number | string) =>
    `(SELECT * ${from(codes)} ${newestFirst} LIMIT ${count}) AS next_codes`;
  const matches: string[] = [];
  const indexed = [...codes];
  let absent = "";
  if (tag !== undefined) {
    // As it is stored, or as it stands in a code from before tags were trimmed.
    const forms = [...new Set([tag, canonicalText(tag, tag.length)])];
    const hasTag = `tags ${forms.length > 1 ? "&&" : "@>"} ARRAY[${forms.map(bind).join(", ")}]`;
    matches.push(hasTag);
    indexed.push(hasTag);
  }
  if (search !== undefined) {
    const whole = bind(patternOf(search));
    matches.push(`search ILIKE ${whole}`);
    const words = (search.match(WORD) ?? []).sort((one, other) => other.length - one.length);
    const patterns = words.slice(0, MAX_WORDS).map(patternOf);
    absent = `texts AS MATERIALIZED (SELECT search FROM ${next(NEXT_CODES)}),
    absent AS MATERIALIZED (
      SELECT array_agg(word) AS words FROM unnest(${bind(patterns)}::text[]) AS word
      WHERE NOT EXISTS (SELECT FROM texts WHERE search ILIKE word)),`;
    const conditions = isIndexed(search) ? Math.max(1, patterns.length) : 0;
    for (let word = 1; word <= conditions; word++)
      indexed.push(`search ILIKE (SELECT coalesce(words[${word}], words[1], ${whole}) FROM absent)`);
  }
  const matching = (source: string) =>
    `SELECT ${CODE_COLUMNS}, false AS too_broad FROM ${source} WHERE ${matches.join(" AND ")} ${page}`;
  // OFFSET 0 and LIMIT keep the planner from reading the matches in the order of the list, which means reading all codes.
  const [bound, tooBroad] =
    search === undefined
      ? ["OFFSET 0", "false"]
      : [`LIMIT ${MAX_CANDIDATES + 1}`, `row_number() OVER () > ${MAX_CANDIDATES}`];
  const sql = `WITH near AS MATERIALIZED (${matching(next(NEXT_CODES))}),
    seen AS MATERIALIZED (
      SELECT count(*) AS matches, count(*) >= ${limit} OR NOT EXISTS (
        SELECT ${from(codes)} ${newestFirst} OFFSET ${NEXT_CODES} LIMIT 1) AS enough
      FROM near),
    further AS MATERIALIZED (${matching(
      next(`(SELECT CASE WHEN matches < ${MIN_MATCHES} OR enough THEN 0
        ELSE ${FURTHER} * ${limit} / matches END FROM seen)`),
    )}),
    reached AS MATERIALIZED (SELECT count(*) >= ${limit} AS enough FROM further),
    ${absent}
    candidates AS (SELECT *, ${tooBroad} AS too_broad FROM (SELECT * ${from(indexed)}
      AND NOT (SELECT seen.enough OR reached.enough FROM seen, reached) ${bound}) AS found),
    far AS (SELECT ${CODE_COLUMNS}, too_broad FROM candidates WHERE too_broad OR ${matches.join(" AND ")}
      ORDER BY too_broad DESC, created_at DESC, qr_id DESC LIMIT ${limit})
    SELECT ${columns}, too_broad
    FROM (SELECT * FROM near WHERE (SELECT enough FROM seen)
      UNION ALL SELECT * FROM further WHERE (SELECT enough FROM reached)
      UNION ALL SELECT * FROM far) AS qr_codes
    ORDER BY too_broad DESC, created_at DESC, qr_id DESC LIMIT ${limit}`;
  return { sql, values };
}

/** The pattern of whatever holds the text. */
function patternOf(text: string): string {
  return `%${text.replace(/[\\%_]/g, "\\$&")}%`;
}

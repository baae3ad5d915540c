import type { Client } from "pg";
import { preparedName } from "../../data/postgres/prepared.ts";

/** A node of EXPLAIN's plan (https://www.postgresql.org/docs/current/using-explain.html). */
export interface PlanNode {
  "Node Type": string;
  "Relation Name"?: string;
  "Index Name"?: string;
  "Actual Rows": number;
  "Actual Loops": number;
  "Rows Removed by Filter"?: number;
  "Rows Removed by Index Recheck"?: number;
  "Rows Removed by Join Filter"?: number;
  "Shared Hit Blocks": number;
  "Shared Read Blocks": number;
  Plans?: PlanNode[];
}

/** A node and all below it. */
export const nodesOf = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];

const EXPLAIN = "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON)";

/** What a statement did as it is planned for its values and, if it is prepared, as for any; what it wrote is undone. */
export async function plansOf(client: Client, sql: string, values: unknown[]): Promise<PlanNode[]> {
  const explained = async (statement: string, bound?: unknown[]) => {
    await client.query("BEGIN");
    try {
      const { rows } = await client.query(`${EXPLAIN} ${statement}`, bound);
      return rows[0]["QUERY PLAN"][0].Plan as PlanNode;
    } finally {
      await client.query("ROLLBACK");
    }
  };
  const plans = [await explained(sql, values)];
  if (preparedName(sql) === undefined) return plans;
  await client.query(`PREPARE generic AS ${sql}; SET plan_cache_mode = force_generic_plan`);
  try {
    const literals = values.map((value) => (value == null ? "NULL" : client.escapeLiteral(textOf(value))));
    return [...plans, await explained(`EXECUTE generic (${literals.join(", ")})`)];
  } finally {
    await client.query("RESET plan_cache_mode; DEALLOCATE generic");
  }
}

/** A value as Postgres reads it. */
const textOf = (value: unknown) =>
  Array.isArray(value) ? `{${JSON.stringify(value).slice(1, -1)}}` : String(value);

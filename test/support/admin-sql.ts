import pg from "pg";

/** Runs one statement on a connection of its own. */
export async function adminSql<T extends pg.QueryResultRow>(
  url: string,
  sql: string,
  values: unknown[] = [],
) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<T>(sql, values)).rows;
  } finally {
    await client.end();
  }
}

export async function createDatabase(url: string, name: string, template = "template1"): Promise<void> {
  await adminSql(url, `CREATE DATABASE "${name}" TEMPLATE "${template}"`);
}

export async function dropDatabase(url: string, name: string): Promise<void> {
  await adminSql(url, `DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`);
}

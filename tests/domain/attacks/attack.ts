import pg from "pg";
import { eventInsert } from "#tests/support/event.ts";

/** Statements of somebody who has the application's database role, and nothing else. `$name` stands for a known id. */
export type Attack = { does: string; sql: string; refused: string };

/**
 * Runs statements in one transaction as the application, with an event that names every row so that only the guard itself can
 * refuse, and gives the SQLSTATE of the refusal (`none` where everything was committed).
 */
export async function attack(appUrl: string, sql: string, ids: Readonly<Record<string, string>>): Promise<string> {
  const client = new pg.Client({ connectionString: appUrl });
  await client.connect();
  const text = sql.replace(/\$(\w+)/g, (_, name: string) => client.escapeLiteral(idNamed(ids, name)));
  try {
    await client.query("begin");
    const principal = { kind: "user", id: "usr_requester" } as const;
    const subjects = [...Object.values(ids), "new"].filter((id) => id !== "");
    await client.query(eventInsert({ type: "setting.changed", principal, subjects }));
    await client.query(text);
    await client.query("commit");
    return "none";
  } catch (error) {
    await client.query("rollback");
    return (error as { code?: string }).code ?? String(error);
  } finally {
    await client.end();
  }
}

function idNamed(ids: Readonly<Record<string, string>>, name: string): string {
  const id = ids[name];
  if (id === undefined) throw new Error(`no id is named ${name}`);
  return id;
}

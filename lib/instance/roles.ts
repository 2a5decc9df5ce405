import type pg from "pg";
import { type LoginRole, rolePassword } from "#lib/db/pool.ts";

const roles: readonly LoginRole[] = ["ambit_app", "ambit_gateway", "ambit_log"];
const roleSettings = {
  statement_timeout: "30s",
  idle_in_transaction_session_timeout: "30s",
  transaction_timeout: "60s",
};

/**
 * Makes the login roles, or brings them to this shape: derived password (none when the owner has none), bounded statements and
 * transactions, and the only ones besides the owner who may connect to this database. Their rights on tables are in the migrations.
 */
export async function ensureRoles(client: pg.Client, ownerUrl: string): Promise<void> {
  for (const role of roles) {
    const { rows } = await client.query("select 1 from pg_roles where rolname = $1", [role]);
    if (rows.length === 0) await client.query(`create role ${role}`);
    const password = rolePassword(ownerUrl, role);
    const secret = password === undefined ? "null" : client.escapeLiteral(password);
    await client.query(`alter role ${role} login nocreatedb nocreaterole inherit password ${secret}`);
    for (const [name, value] of Object.entries(roleSettings))
      await client.query(`alter role ${role} set ${name} = '${value}'`);
  }
  // Only who has a role's rights may end its sessions, which an owner has to when dropping or moving a database.
  await client.query(`grant ${roles.join(", ")} to current_user`);
  const { rows } = await client.query<{ name: string }>("select current_database() as name");
  const database = client.escapeIdentifier(rows[0]?.name ?? "");
  await client.query(`revoke all on database ${database} from public`);
  await client.query(`grant connect on database ${database} to ${roles.join(", ")}`);
}

/**
 * Lets `ambit_app` queue and run jobs. graphile-worker's tables carry row level security without a policy (all refused), so each
 * gets one that admits this role.
 */
export async function grantJobQueue(client: pg.Client): Promise<void> {
  await client.query(`
    grant usage on schema graphile_worker to ambit_app;
    grant select, insert, update, delete on all tables in schema graphile_worker to ambit_app;
    revoke insert, update, delete on graphile_worker.migrations from ambit_app;
    grant usage, select on all sequences in schema graphile_worker to ambit_app;
    grant execute on all functions in schema graphile_worker to ambit_app;`);
  const { rows } = await client.query<{ name: string }>(
    `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'graphile_worker' and c.relrowsecurity
       and not exists (select from pg_policy p where p.polrelid = c.oid and p.polname = 'ambit_app')`,
  );
  for (const { name } of rows) {
    const table = `graphile_worker.${client.escapeIdentifier(name)}`;
    await client.query(`create policy ambit_app on ${table} to ambit_app using (true) with check (true)`);
  }
}

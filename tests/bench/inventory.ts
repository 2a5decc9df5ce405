import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { call } from "#lib/client/call.ts";
import type { InputOf, QueryId } from "#lib/contract/index.ts";
import { closePrisma } from "#lib/db/client.ts";
import { loginUrl } from "#lib/db/pool.ts";
import { prepareDatabase } from "#lib/instance/migrate.ts";
import { startPostgres } from "#lib/instance/postgres.ts";
import { processEnvironment } from "#lib/platform/env.ts";
import { agentOf, loadInventory, secrets, size } from "#tests/bench/inventory-estate.ts";
import { formatTable, quantile } from "#tests/bench/report.ts";
import { serveApi } from "#tests/support/http.ts";

const budgetMs = 100;
const samples = Number(process.argv[2] ?? 200);
const warmUp = 10;

type Case = { [Id in QueryId]: { name: string; id: Id; input: (n: number) => InputOf<Id>; as?: string } }[QueryId];
const { requester, owner } = secrets;

const cases: readonly Case[] = [
  { name: "tools, first page", id: "tools.list", input: () => ({}) },
  { name: "tools, first page, as requester", id: "tools.list", input: () => ({}), as: requester },
  { name: "tools, common word", id: "tools.list", input: () => ({ q: "invoice" }) },
  { name: "tools, common word, as requester", id: "tools.list", input: () => ({ q: "invoice" }), as: requester },
  { name: "tools, word of all", id: "tools.list", input: () => ({ q: "department" }) },
  { name: "tools, rare word", id: "tools.list", input: () => ({ q: "Zanzibar" }) },
  { name: "tools, rare word, as requester", id: "tools.list", input: () => ({ q: "Zanzibar" }), as: requester },
  { name: "tools, no match", id: "tools.list", input: () => ({ q: "qwertzuiop" }) },
  { name: "tools, two letters", id: "tools.list", input: () => ({ q: "ge" }) },
  { name: "tools, two letters, no match", id: "tools.list", input: () => ({ q: "qx" }) },
  { name: "tools, two letters, as requester", id: "tools.list", input: () => ({ q: "up" }), as: requester },
  { name: "tools of a connector", id: "tools.list", input: (n) => ({ connectorId: `con_${1 + (n % 1_000)}` }) },
  { name: "connectors, first page", id: "connectors.list", input: () => ({}) },
  { name: "connectors, search", id: "connectors.list", input: (n) => ({ q: `server-${n}` }) },
  { name: "connectors, by name", id: "connectors.list", input: () => ({ sort: "name", status: "enabled" }) },
  { name: "connectors, as requester", id: "connectors.list", input: () => ({}), as: requester },
  { name: "grants, first page", id: "grants.list", input: () => ({}) },
  { name: "grants of an agent", id: "grants.list", input: (n) => ({ agentId: agentOf(1 + n) }) },
  { name: "grants of the popular connector", id: "grants.list", input: () => ({ connectorId: "con_1" }) },
  { name: "grants, as requester", id: "grants.list", input: () => ({}), as: requester },
  { name: "grants, as popular owner", id: "grants.list", input: () => ({}), as: owner },
  { name: "grants, as popular owner, by expiry", id: "grants.list", input: () => ({ sort: "expiresAt" }), as: owner },
  { name: "grants, by expiry", id: "grants.list", input: () => ({ status: "active", sort: "expiresAt" }) },
  { name: "grants, none of a status", id: "grants.list", input: () => ({ status: "revoked" }) },
  { name: "grants, search for one", id: "grants.list", input: (n) => ({ q: `server-1${n}` }) },
  { name: "grants, search for many", id: "grants.list", input: () => ({ q: "agent-1" }) },
  { name: "grants, search for none", id: "grants.list", input: () => ({ q: "qwertzuiop" }) },
  { name: "access of an agent", id: "access.list", input: (n) => ({ agentId: agentOf(1 + n) }) },
  { name: "access to a tool", id: "access.list", input: (n) => ({ toolId: `tol_${50 * (500 + n)}` }) },
  { name: "access to a popular tool", id: "access.list", input: () => ({ toolId: "tol_1" }) },
  { name: "access to a tool that nobody may call", id: "access.list", input: () => ({ toolId: "tol_5" }) },
  { name: "access, as requester", id: "access.list", input: () => ({}), as: requester },
  { name: "agents, by name", id: "agents.list", input: () => ({ sort: "name", environment: "production" }) },
  { name: "agents, first page", id: "agents.list", input: () => ({}) },
  { name: "agents, search", id: "agents.list", input: (n) => ({ q: `agent-${n}` }) },
  { name: "agents, as requester", id: "agents.list", input: () => ({}), as: requester },
  { name: "home", id: "home.get", input: () => ({}) },
  { name: "home, as requester", id: "home.get", input: () => ({}), as: requester },
  { name: "home, as popular owner", id: "home.get", input: () => ({}), as: owner },
  { name: "activity, as requester", id: "activity.list", input: () => ({}), as: requester },
  { name: "activity of a grant", id: "activity.list", input: (n) => ({ grantId: `grt_${1 + n * 7}` }) },
  { name: "palette search", id: "home.search", input: () => ({ q: "invoice" }) },
  { name: "palette search, two letters", id: "home.search", input: () => ({ q: "qx" }) },
];

const only = process.argv[3];
const dir = await mkdtemp(join(tmpdir(), "ambit-bench-"));
await chmod(dir, 0o755);
const postgres = await startPostgres({ dir: join(dir, "postgres") });
const say = (line: string) => process.stdout.write(`${line}\n`);
try {
  await prepareDatabase(postgres.ownerUrl);
  await loadInventory(postgres.ownerUrl, say);
  Object.assign(processEnvironment(), {
    AMBIT_APP_DATABASE_URL: loginUrl(postgres.ownerUrl, "ambit_app"),
    AMBIT_LOG_LEVEL: "error",
  });
  process.exitCode = (await measure()) ? 0 : 1;
} finally {
  await closePrisma();
  await postgres.stop();
  await rm(dir, { recursive: true, force: true });
}

/** One call after the other over HTTP, so that nobody waits for anybody but the server. */
async function measure(): Promise<boolean> {
  const api = await serveApi();
  const rows: string[][] = [];
  let worst = 0;
  for (const { name, id, input, as = secrets.reviewer } of cases) {
    if (only !== undefined && !name.includes(only)) continue;
    const times: number[] = [];
    for (let n = 0; n < samples + warmUp; n += 1) {
      const started = performance.now();
      await call(id, input(n) as never, { baseUrl: api.url, token: as });
      if (n >= warmUp) times.push(performance.now() - started);
    }
    const p95 = quantile(times, 0.95);
    worst = Math.max(worst, p95);
    rows.push([name, id, quantile(times, 0.5).toFixed(1), p95.toFixed(1)]);
    if (samples < 50) say(rows.at(-1)?.join("  ") ?? "");
  }
  await api.close();
  const passed = worst <= budgetMs;
  say(
    `\n${size.tools} tools on ${size.connectors} connectors, ${size.grants} grants of ${size.agents} agents; ${samples} calls each\n`,
  );
  say(formatTable(["asked", "operation", "p50 ms", "p95 ms"], rows));
  say(`bench:inventory worst p95 = ${worst.toFixed(1)} ms (budget ${budgetMs} ms): ${passed ? "PASS" : "FAIL"}`);
  return passed;
}

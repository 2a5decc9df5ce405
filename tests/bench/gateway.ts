import pg from "pg";
import { Pool } from "undici";
import { type BenchWorld, openBenchWorld, otherGrants, type Usage } from "#tests/bench/gateway-world.ts";
import { formatTable, quantile } from "#tests/bench/report.ts";

const concurrencies = [1, 16, 64] as const;
const rounds = Number(process.argv[2] ?? 3);
const secondsPerSlice = Number(process.argv[3] ?? 2);
const nodeArguments = process.argv.slice(4);
/** From the performance design; times in microseconds. */
const budgets = { addedFactor: 1.5, p99Factor: 3, throughputRatio: 0.4, cpuMicros: 150, cpuRatio: 2.5, rssMiB: 256 };

type Path = { name: string; url: string; headers: Record<string, string>; tool: string; usage: Usage | null };
type Cell = { micros: number[]; calls: number; seconds: number; cpuMicros: number };

const world = await openBenchWorld(nodeArguments);
try {
  process.exitCode = (await run(world)) ? 0 : 1;
} finally {
  await world.close();
}

async function run(bench: BenchWorld): Promise<boolean> {
  const { directUrl, bareUrl, gatewayUrl, sessionHeaders, bareProcess, gatewayProcess } = bench;
  const paths: Path[] = [
    { name: "direct", url: directUrl, headers: {}, tool: "read_note", usage: null },
    { name: "bare proxy", url: bareUrl, headers: {}, tool: "read_note", usage: bareProcess },
    { name: "ambit, read", url: gatewayUrl, headers: sessionHeaders, tool: "read_note", usage: gatewayProcess },
    { name: "ambit, write", url: gatewayUrl, headers: sessionHeaders, tool: "write_note", usage: gatewayProcess },
  ];
  const cells = new Map<string, Cell>();
  const commits: number[] = [];
  let rssBytes = 0;
  for (const path of paths) await load(path, 16, 1, null);
  for (let round = 0; round < rounds; round += 1) {
    commits.push(...(await commitMicros(bench.ownerUrl, 200)));
    for (const concurrency of concurrencies) {
      for (const path of paths) {
        const key = `${path.name} ${concurrency}`;
        const cell = cells.get(key) ?? { micros: [], calls: 0, seconds: 0, cpuMicros: 0 };
        cells.set(key, cell);
        await load(path, concurrency, secondsPerSlice, cell);
        if (concurrency === 64) rssBytes = Math.max(rssBytes, gatewayProcess.rssBytes());
      }
    }
  }
  return report(paths, cells, quantile(commits, 0.5), rssBytes);
}

/** Calls one path for some seconds; every answer must be the tool's. */
async function load(path: Path, concurrency: number, seconds: number, cell: Cell | null): Promise<void> {
  const { origin, pathname } = new URL(path.url);
  const pool = new Pool(origin, { connections: concurrency, pipelining: 1 });
  const headers = {
    "content-type": "application/json",
    accept: "application/json, text/event-stream",
    ...path.headers,
  };
  const until = performance.now() + seconds * 1_000;
  const started = performance.now();
  const cpuBefore = path.usage?.cpuMicros() ?? 0;
  let lastId = 0;
  async function worker(): Promise<void> {
    while (performance.now() < until) {
      lastId += 1;
      const body = callBody(lastId, path.tool);
      const from = performance.now();
      const answer = await pool.request({ path: pathname, method: "POST", headers, body });
      const text = await answer.body.text();
      if (answer.statusCode !== 200 || !text.includes("unchanged since yesterday"))
        throw new Error(`${path.name}: ${answer.statusCode} ${text}`);
      cell?.micros.push((performance.now() - from) * 1_000);
    }
  }
  await Promise.all(Array.from({ length: concurrency }, worker));
  if (cell !== null) {
    cell.seconds += (performance.now() - started) / 1_000;
    cell.calls = cell.micros.length;
    cell.cpuMicros += (path.usage?.cpuMicros() ?? 0) - cpuBefore;
  }
  await pool.close();
}

function callBody(id: number, tool: string): string {
  const text =
    "A note of ordinary length, as an agent would write it after a meeting: three decisions, two owners, one date.";
  const args = { id: `note-${id}`, text, tags: ["meeting", "decision"] };
  const _meta = { progressToken: id };
  return JSON.stringify({ jsonrpc: "2.0", id, method: "tools/call", params: { name: tool, arguments: args, _meta } });
}

/** Microseconds of single-row durable commits on one connection. */
async function commitMicros(url: string, count: number): Promise<number[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query("create table if not exists bench_commit (id int)");
  const micros: number[] = [];
  for (let at = 0; at < count; at += 1) {
    const from = performance.now();
    await client.query("insert into bench_commit values (1)");
    micros.push((performance.now() - from) * 1_000);
  }
  await client.end();
  return micros;
}

function report(paths: readonly Path[], cells: ReadonlyMap<string, Cell>, commit: number, rssBytes: number): boolean {
  const cell = (name: string, concurrency: number) => cells.get(`${name} ${concurrency}`) ?? empty;
  const rps = (one: Cell) => one.calls / one.seconds;
  const cpu = (one: Cell) => one.cpuMicros / one.calls;
  const p = (one: Cell, share: number) => quantile(one.micros, share);
  const rows = concurrencies.flatMap((concurrency) =>
    paths.map(({ name, usage }) => {
      const one = cell(name, concurrency);
      const times = [p(one, 0.5), p(one, 0.99), rps(one)].map((value) => value.toFixed(0));
      return [`${name} ×${concurrency}`, ...times, usage === null ? "–" : cpu(one).toFixed(0)];
    }),
  );
  print(formatTable(["path", "p50 µs", "p99 µs", "calls/s", "CPU µs/call"], rows));

  const direct = cell("direct", 1);
  const hop = p(cell("bare proxy", 1), 0.5) - p(direct, 0.5);
  print(`\nhop (bare proxy over direct, p50) ${hop.toFixed(0)} µs, one durable commit (p50) ${commit.toFixed(0)} µs`);
  const checks: [string, number, number, "most" | "least"][] = [];
  for (const [name, count] of [
    ["ambit, read", 1],
    ["ambit, write", 2],
  ] as const) {
    const one = cell(name, 1);
    const bound = budgets.addedFactor * (hop + count * commit);
    checks.push([`${name}: added p50 at 1, µs`, p(one, 0.5) - p(direct, 0.5), bound, "most"]);
    checks.push([`${name}: added p99 at 1, µs`, p(one, 0.99) - p(direct, 0.99), budgets.p99Factor * bound, "most"]);
    for (const concurrency of [16, 64]) {
      const ratio = rps(cell(name, concurrency)) / rps(cell("bare proxy", concurrency));
      checks.push([
        `${name}: throughput of the bare proxy's at ${concurrency}`,
        ratio,
        budgets.throughputRatio,
        "least",
      ]);
    }
    const [own, bare] = [cpu(cell(name, 16)), cpu(cell("bare proxy", 16))];
    checks.push([`${name}: CPU per call at 16, µs`, own, budgets.cpuMicros, "most"]);
    checks.push([`${name}: CPU per call of the bare proxy's at 16`, own / bare, budgets.cpuRatio, "most"]);
  }
  checks.push([`resident memory at 64 with ${otherGrants} grants, MiB`, rssBytes / 2 ** 20, budgets.rssMiB, "most"]);
  const results = checks.map(([what, value, bound, kind]) => ({
    row: [what, value.toFixed(2), `${kind === "most" ? "≤" : "≥"} ${bound.toFixed(2)}`],
    isMet: kind === "most" ? value <= bound : value >= bound,
  }));
  print(
    `\n${formatTable(
      ["budget", "measured", "bound", ""],
      results.map(({ row, isMet }) => [...row, isMet ? "met" : "MISSED"]),
    )}`,
  );
  const met = results.filter(({ isMet }) => isMet).length;
  const added = p(cell("ambit, read", 1), 0.5) - p(direct, 0.5);
  const isMet = met === results.length;
  print(
    `bench:gateway adds ${added.toFixed(0)} µs p50 to a read call; ${met} of ${results.length} budgets met: ${isMet ? "PASS" : "FAIL"}`,
  );
  return isMet;
}

const empty: Cell = { micros: [], calls: 0, seconds: 1, cpuMicros: 0 };

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

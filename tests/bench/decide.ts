import { compile, recompile } from "#lib/core/decision/compile.ts";
import { type Call, decide } from "#lib/core/decision/decide.ts";
import type { Snapshot, SnapshotSource } from "#lib/core/decision/snapshot.ts";
import { estate, seeded, traffic } from "#tests/bench/estate.ts";
import { formatTable, quantile } from "#tests/bench/report.ts";

const SIZES = [10, 1_000, 100_000] as const;
/** The budget's traffic, as one worker of four sees it at 64 callers: sixteen agents at work, four calls at a time. */
const TRAFFIC = { calls: 1_024, active: 16, burst: 4 };
/** The worst case for the processor's caches: hardly two calls by the same agent. Shown, not judged. */
const COLD_TRAFFIC = { calls: 1_024, active: 1_024, burst: 1 };
const ROUNDS = 61;
const PASSES_PER_ROUND = 32;
const RATIO_MAX = 1.5;
const P99_MICROSECONDS_MAX = 25;

type Load = { snapshot: Snapshot; calls: Call[]; permits: number; roundsNs: number[] };

const estates = SIZES.map(build);
for (let round = -2; round < ROUNDS; round += 1) {
  for (const load of estates.flatMap(({ usual, cold }) => [usual, cold])) {
    const nanoseconds = measureRound(load);
    if (round >= 0) load.roundsNs.push(nanoseconds);
  }
}

const p50s = estates.map(({ usual }) => quantile(usual.roundsNs, 0.5));
const singles = estates.map(({ cold }) => measureSingles(cold));
print(
  formatTable(
    ["grants", "p50 ns/decision", "cold p50 ns", "cold p99 µs, single", "permitted", "rebuild of one agent ms"],
    estates.map(({ grants, usual, cold, rebuildMs }, at) => [
      grants.toLocaleString("en"),
      (p50s[at] ?? Number.NaN).toFixed(0),
      quantile(cold.roundsNs, 0.5).toFixed(0),
      (singles[at] ?? Number.NaN).toFixed(2),
      `${Math.round((usual.permits / usual.calls.length) * 100)} %`,
      rebuildMs.toFixed(2),
    ]),
  ),
);
// of each round, as both sides of one round met the same machine
const ratio = quantile(
  (estates.at(-1)?.usual.roundsNs ?? []).map((large, at) => large / (estates[0]?.usual.roundsNs[at] ?? Number.NaN)),
  0.5,
);
const p99 = singles.at(-1) ?? Number.NaN;
const isFast = p99 <= P99_MICROSECONDS_MAX;
const passes = ratio <= RATIO_MAX && isFast;
print(
  `p99 of a single decision at 100,000 grants: ${p99.toFixed(2)} µs (budget ${P99_MICROSECONDS_MAX}): ${isFast ? "PASS" : "FAIL"}`,
);
print(`bench:decide p50 ratio 100000/10 = ${ratio.toFixed(2)} (budget ${RATIO_MAX}): ${passes ? "PASS" : "FAIL"}`);
process.exitCode = passes ? 0 : 1;

function build(grants: number) {
  const random = seeded(20_300_101);
  const source = estate(grants, random);
  const snapshot = compile(source);
  const usual = load(snapshot, traffic(source, TRAFFIC, random));
  const cold = load(snapshot, traffic(source, COLD_TRAFFIC, random));
  return { grants, usual, cold, rebuildMs: measureRebuild(snapshot, source) };
}

function load(snapshot: Snapshot, calls: Call[]): Load {
  return { snapshot, calls, permits: countPermits(snapshot, calls), roundsNs: [] };
}

function countPermits(snapshot: Snapshot, calls: readonly Call[]): number {
  let permits = 0;
  for (const call of calls) if (decide(snapshot, call).effect === "permit") permits += 1;
  return permits;
}

/** Milliseconds to rebuild one agent's part of a snapshot. */
function measureRebuild(snapshot: Snapshot, { agents, grants, policyVersion }: SnapshotSource): number {
  const rows = agents.slice(0, 1);
  const ids = rows.map((row) => row.id);
  const held = grants.filter((one) => one.principalId === ids[0]);
  const started = performance.now();
  recompile(snapshot, {
    epoch: 2,
    policyVersion,
    agents: { ids, rows },
    grants: { principalIds: ids, connectorIds: [], rows: held },
  });
  return performance.now() - started;
}

/** Nanoseconds per decision over one round; the permits are checked, so that no decision can be optimised away. */
function measureRound({ snapshot, calls, permits }: Load): number {
  const started = process.hrtime.bigint();
  let permitted = 0;
  for (let pass = 0; pass < PASSES_PER_ROUND; pass += 1) permitted += countPermits(snapshot, calls);
  const elapsed = Number(process.hrtime.bigint() - started);
  if (permitted !== permits * PASSES_PER_ROUND) throw new Error("the same call was decided differently");
  return elapsed / (calls.length * PASSES_PER_ROUND);
}

/** The p99 in microseconds of decisions timed one by one, the timer's own cost included. */
function measureSingles({ snapshot, calls }: Load): number {
  const samples: number[] = [];
  for (let pass = 0; pass < PASSES_PER_ROUND; pass += 1) {
    for (const call of calls) {
      const started = performance.now();
      decide(snapshot, call);
      samples.push((performance.now() - started) * 1_000);
    }
  }
  return quantile(samples, 0.99);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

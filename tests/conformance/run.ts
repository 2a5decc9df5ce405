import type { ChildProcess } from "node:child_process";
import { join } from "node:path";
import { type Era, eras } from "#tests/conformance/fixture-seed.ts";
import { type Revision, revisions, runSuite } from "#tests/conformance/suite.ts";
import { openConformanceWorld } from "#tests/conformance/world.ts";
import { endChildren, startChild } from "#tests/support/process.ts";

/**
 * `npm run conformance [-- <revision> <upstream> <scenario>…]`: the official suite against the gateway in front of a fixture, with
 * authentication, grants, validation and audit on. Both revisions unless one is named, each with an upstream of its own era unless
 * `legacy`, `modern`, `both` or `bridges` (each with the other era) is named; `direct` leaves the gateway out and proves the
 * fixture. Fails when a scored scenario fails.
 */
type Upstream = Era | "bridges" | "direct";

const words = process.argv.slice(2);
const named = revisions.filter((revision) => words.includes(revision));
const upstreams: readonly Upstream[] = [...eras, "bridges", "direct"];
const upstream = upstreams.find((name) => words.includes(name)) ?? null;
const scenarios = words.filter((word) => ![...revisions, ...upstreams].some((known) => known === word));

function eraFor(revision: Revision): Era {
  if (upstream === "direct") return "both";
  if (upstream !== null && upstream !== "bridges") return upstream;
  return (revision === "2026-07-28") === (upstream === null) ? "modern" : "legacy";
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** The fixture itself, without a gateway. */
async function openDirect() {
  const children: ChildProcess[] = [];
  const port = await startChild([join(import.meta.dirname, "fixture.ts"), "both"], children);
  return { url: () => `http://localhost:${port}/mcp`, close: () => endChildren(children) };
}

const runs = (named.length === 0 ? revisions : named).map((revision) => ({ revision, era: eraFor(revision) }));
const world =
  upstream === "direct" ? await openDirect() : await openConformanceWorld([...new Set(runs.map(({ era }) => era))]);
let passed = 0;
let failed = 0;
try {
  for (const { revision, era } of runs) {
    const outcomes = await runSuite(world.url(era), revision, scenarios);
    const counted = outcomes.filter(({ isScored }) => isScored || scenarios.length > 0);
    const failing = counted.filter(({ fault }) => fault !== null);
    const way = upstream === "direct" ? "the fixture alone" : `through the gateway, ${era} upstream`;
    print(`${revision}, ${way}: ${counted.length - failing.length} of ${counted.length} scored scenarios passed`);
    for (const { scenario, fault } of failing) print(`  ${scenario}: ${fault}`);
    const other = outcomes.filter((outcome) => !counted.includes(outcome) && outcome.fault !== null);
    if (other.length > 0) print(`  not scored, failing: ${other.map(({ scenario }) => scenario).join(", ")}`);
    passed += counted.length - failing.length;
    failed += failing.length;
  }
} finally {
  await world.close();
}
print(`Conformance: ${passed} passed, ${failed} failed.`);
process.exitCode = failed === 0 ? 0 : 1;

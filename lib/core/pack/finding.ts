/** What is checked, in the order in which a reader wants to know. */
export const packChecks = [
  "container",
  "manifest",
  "signature",
  "file-digest",
  "missing-file",
  "extra-file",
  "row-count",
  "checkpoint",
  "consistency",
  "leaf",
  "order",
  "contiguity",
  "inclusion",
  "event-count",
  "population",
] as const;

/** One kind of check. */
export type PackCheck = (typeof packChecks)[number];

/**
 * What a fault means. `TAMPERED`: something was changed after it was signed. `FORK`: the log signed two histories. `GAP`: entries are
 * missing. `STALE`: an older state of the log poses as the present one. `UNVERIFIABLE`: the given key says nothing about this pack.
 * `MALFORMED`: all proofs hold, but the log itself has entries that tell no event, as the pack says, so its tables cannot have them.
 */
export type Fault = "TAMPERED" | "FORK" | "GAP" | "STALE" | "UNVERIFIABLE" | "MALFORMED";

/** One thing that is wrong. */
export type Finding = {
  readonly check: PackCheck;
  readonly fault: Fault;
  readonly path: string | null;
  readonly detail: string;
};

/** How a check went. `skipped`: nothing to check, or something it builds on had failed. */
export type CheckState = "passed" | "failed" | "skipped";

/** Collects findings, at most {@link mostFindings} per check. */
export type Report = {
  readonly findings: readonly Finding[];
  readonly fail: (check: PackCheck, fault: Fault, detail: string, path?: string) => void;
  /** Marks a check as done; it passed unless it failed before or fails later. */
  readonly done: (check: PackCheck) => void;
  readonly failed: (check: PackCheck) => boolean;
  readonly states: () => { readonly [check in PackCheck]: CheckState };
  readonly verdict: () => "verified" | Fault;
};

/** Findings kept per check; what is beyond is counted in one last finding. */
export const mostFindings = 20;

const gravest: readonly Fault[] = ["TAMPERED", "FORK", "GAP", "STALE", "UNVERIFIABLE", "MALFORMED"];

/** An empty report. */
export function createReport(): Report {
  const findings: Finding[] = [];
  const failures = new Map<PackCheck, number>();
  const finished = new Set<PackCheck>();
  const stateOf = (check: PackCheck): CheckState =>
    failures.has(check) ? "failed" : finished.has(check) ? "passed" : "skipped";
  return {
    findings,
    fail(check, fault, detail, path) {
      const count = (failures.get(check) ?? 0) + 1;
      failures.set(check, count);
      if (count <= mostFindings) findings.push({ check, fault, path: path ?? null, detail });
      if (count === mostFindings + 1) findings.push({ check, fault, path: null, detail: "There is more of this kind" });
    },
    done: (check) => void finished.add(check),
    failed: (check) => failures.has(check),
    states: () =>
      Object.fromEntries(packChecks.map((check) => [check, stateOf(check)])) as { [check in PackCheck]: CheckState },
    verdict: () => gravest.find((fault) => findings.some((finding) => finding.fault === fault)) ?? "verified",
  };
}

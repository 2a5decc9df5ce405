"use client";
import type { StageKind } from "#components/requests/request-words.ts";
import { useKept } from "#components/ui/kept-state.ts";
import type { RequestDetail } from "#lib/contract/requests.ts";

export type Verdict = "approve" | "request_changes" | "deny";

/** A decision that is not recorded yet. `expires` is a date (`2026-12-24`) or empty. `agentIds` null: all that were asked for. */
export type Decision = {
  stage: StageKind | null;
  verdict: Verdict | null;
  excluded: readonly string[];
  hold: readonly string[];
  agentIds: readonly string[] | null;
  expires: string;
  reason: string;
  confirmed: boolean;
};

const empty: Decision = {
  stage: null,
  verdict: null,
  excluded: [],
  hold: [],
  agentIds: null,
  expires: "",
  reason: "",
  confirmed: false,
};

/** The decision in the making on one request, kept in this tab until it is recorded. */
export function useDecision(request: RequestDetail) {
  const [kept, setKept] = useKept<Decision>(`ambit.decision.${request.id}`);
  const decision = kept ?? empty;
  const asked = askedTools(request);
  const chosen = asked.filter((name) => !decision.excluded.includes(name));
  const stages = request.myStages.filter(({ eligible }) => eligible).map(({ kind }) => kind);
  const stage = decision.stage !== null && stages.includes(decision.stage) ? decision.stage : (stages[0] ?? null);
  return {
    decision,
    asked,
    chosen,
    stages,
    stage,
    change: (patch: Partial<Decision>) => setKept({ ...decision, ...patch }),
    forget: () => setKept(null),
  };
}

export type DecisionInTheMaking = ReturnType<typeof useDecision>;

/** The tools that a request asks for and its version offers; none for grants and extensions. */
export function askedTools({ form, version }: Pick<RequestDetail, "form" | "version">): string[] {
  const names: readonly unknown[] = Array.isArray(form.tools) ? form.tools : [];
  const offered = new Set(version?.tools.map(({ name }) => name));
  return names.filter((name): name is string => typeof name === "string" && offered.has(name));
}

import { askedTools, type DecisionInTheMaking } from "#components/requests/decision-state.ts";
import type { RequestDetail, Review } from "#lib/contract/requests.ts";
import { combine, type Disagreement } from "#lib/core/review/verdict.ts";

/** A tool, and who said so of it: names of reviewers. */
export type SaidOf = { name: string; by: string[] };

/** What approvals allow together. `disagreement`: they leave nothing. `agents` null: all that were asked for. `endsAt` null: the tier's longest. */
export type Together = {
  disagreement: Disagreement | null;
  chosen: number;
  total: number;
  leftOut: SaidOf[];
  held: SaidOf[];
  agents: string[] | null;
  endsAt: string | null;
};

type Terms = Pick<Review, "tools" | "conditions">;
type Said = { by: string; terms: Terms };

/** The approvals that make up what the request comes to; of an approved one all of its last round. */
export function approvalsOf({ reviews, state }: Pick<RequestDetail, "reviews" | "state">): Review[] {
  return reviews.filter(
    ({ verdict, current, counts }) => verdict === "approve" && current && (counts || state === "approved"),
  );
}

/** The names that were asked for and that an approval does not include. */
export function leftOutBy({ tools }: Terms, asked: readonly string[]): string[] {
  return tools === null ? [] : asked.filter((name) => !tools.includes(name));
}

/** The tools that a request asks for by name. */
export function askedNames(request: Pick<RequestDetail, "form" | "version" | "scope">): string[] {
  const { scope } = request;
  if (scope !== null) return "names" in scope.tools ? scope.tools.names : [];
  return askedTools(request);
}

/** What the approvals that count come to, with one's own as it would be recorded now (`own.by` is what it is called). */
export function together(request: RequestDetail, now: number, own: { by: string; terms: Terms } | null): Together {
  const approvals = approvalsOf(request);
  const said: Said[] = approvals.map((review) => ({ by: review.reviewer.name, terms: review }));
  if (own !== null) said.push(own);
  const asked = askedNames(request);
  const agentNames = new Map(request.agents.map(({ id, name }) => [id, name]));
  const { allowed, refused } = combine(
    said.map(({ by, terms }) => ({
      ...terms,
      reviewerId: by,
      onBehalfOf: null,
      stageKind: "security",
      verdict: "approve",
      digest: request.digest ?? "",
      at: "",
    })),
    { approvedAt: new Date(now).toISOString(), grantMaxDays: request.grantMaxDays ?? 365 },
  );
  const ends = said.flatMap(({ terms }) => terms.conditions.expiresAt ?? []).sort();
  const leftOut = gather(said, (terms) => leftOutBy(terms, asked));
  const out = new Set(leftOut.map(({ name }) => name));
  return {
    disagreement: refused,
    chosen: asked.length - out.size,
    total: asked.length,
    leftOut,
    held: gather(said, ({ conditions }) => conditions.holdTools).filter(({ name }) => !out.has(name)),
    agents: allowed?.agentIds?.map((id) => agentNames.get(id) ?? id) ?? null,
    endsAt: ends[0] ?? null,
  };
}

/** One's own decision as terms. */
export function termsInTheMaking({ decision, asked, chosen }: DecisionInTheMaking): Terms {
  return {
    tools: asked.length > 0 ? [...chosen] : null,
    conditions: {
      holdTools: decision.hold.filter((name) => chosen.includes(name)),
      agentIds: decision.agentIds === null ? null : [...decision.agentIds],
      expiresAt: decision.expires === "" ? null : `${decision.expires}T23:59:59Z`,
    },
  };
}

function gather(said: readonly Said[], namesIn: (terms: Terms) => readonly string[]): SaidOf[] {
  const found = new Map<string, string[]>();
  for (const { by, terms } of said) {
    for (const name of namesIn(terms)) found.set(name, [...(found.get(name) ?? []), by]);
  }
  return [...found].map(([name, by]) => ({ name, by }));
}

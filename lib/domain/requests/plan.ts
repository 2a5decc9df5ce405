import type { Issue } from "#lib/contract/errors.ts";
import type { Scope } from "#lib/contract/grants.ts";
import { nobodyEligible, type Shortage } from "#lib/core/review/eligibility.ts";
import { type StagePlan, stagesFor, type TierSettings } from "#lib/core/review/stages.ts";
import type { Classification, Tier, TierReason } from "#lib/core/review/tier.ts";
import type { ReviewFacts } from "#lib/core/review/verdict.ts";
import type { Tx } from "#lib/db/tx.ts";
import type { ConnectorRow } from "#lib/domain/connectors/rows.ts";
import type { FormKind, FormOf } from "#lib/domain/requests/forms.ts";
import type { Inspection } from "#lib/domain/requests/inspection.ts";
import { planConnector, planVersion } from "#lib/domain/requests/plan-connector.ts";
import { planExtension, planGrant } from "#lib/domain/requests/plan-grant.ts";
import type { RequestRow } from "#lib/domain/requests/rows.ts";
import { factsOf, type Matter } from "#lib/domain/requests/world.ts";

/** What is decided on, once a form is whole and nothing speaks against it. `form` has its defaults filled in. */
export type Proposal =
  | {
      of: "version";
      form: FormOf["connector"] | FormOf["version"];
      inspection: Inspection;
      connector: ConnectorRow | null;
      classification: Classification;
    }
  | {
      of: "grant";
      form: FormOf["grant"] | FormOf["extension"];
      connectorId: string;
      versionId: string;
      grantId: string | null;
      classification: Classification;
      scope: Scope;
      content: string;
    };

/** A kind's own part of a plan, before stages and people. */
export type Draft = {
  problems: Issue[];
  tier: Tier | null;
  why: TierReason[];
  agentIds: string[];
  matter: Omit<Matter, "agentIds">;
  durationDays: number | null;
  grantIsWide: boolean;
  unchanged: boolean;
  proposal: Proposal | null;
};

/** What submitting a request would lead to. `proposal` is null as long as there are problems. */
export type Plan = Draft & {
  configVersion: number;
  settings: TierSettings;
  stages: StagePlan | null;
  facts: ReviewFacts;
  names: ReadonlyMap<string, string>;
  /** Stages that cannot reach their quorum, and what to do about each. */
  shortages: { kind: string; message: string }[];
};

const planners: {
  [Kind in FormKind]: (tx: Tx, row: RequestRow, raw: Record<string, unknown>, now: Date) => Promise<Draft>;
} = { connector: planConnector, version: planVersion, grant: planGrant, extension: planExtension };

/** The tiers and stages in force. */
export async function tierSettings(tx: Tx): Promise<{ configVersion: number; settings: TierSettings }> {
  const config = await tx.tierConfig.findFirstOrThrow({ orderBy: { version: "desc" } });
  return { configVersion: config.version, settings: config.settings as unknown as TierSettings };
}

/** Works out what a request asks for and who would decide it; the preview shows it, submitting freezes it. */
export async function planRequest(tx: Tx, row: RequestRow, now: Date): Promise<Plan> {
  const draft = await planners[row.kind](tx, row, row.edit ?? row.form, now);
  const { configVersion, settings } = await tierSettings(tx);
  const { facts, names } = await factsOf(tx, [{ ...draft.matter, agentIds: draft.agentIds }]);
  const [own] = facts;
  if (own === undefined) throw new Error("facts for one matter");
  const problems = [...draft.problems];
  const { tier, durationDays } = draft;
  if (tier !== null && durationDays !== null && durationDays > settings[tier].grantMaxDays) {
    const message = `At most ${settings[tier].grantMaxDays} days on tier ${tier}.`;
    problems.push({ path: "durationDays", message });
  }
  const stages = tier === null ? null : stagesFor(row.kind, tier, settings, draft);
  const short = stages === null ? [] : nobodyEligible(stages.stages, { ...own, votes: [] }, now.toISOString());
  const hasOwners = own.owners.length > 0;
  const shortages = short.map((shortage) => ({
    kind: shortage.kind,
    message: shortage.kind === "owner" ? whichOwner(row.kind, hasOwners) : whomToAdd(shortage),
  }));
  // An owner can be named, or added first. Reviewers the requester cannot add, so submitting makes it a finding for administrators.
  for (const { kind, message } of shortages) {
    // A form of a new connector without owners says so at its field already.
    if (kind === "owner" && (row.kind !== "connector" || hasOwners)) problems.push({ path: "", message });
  }
  return {
    ...draft,
    problems,
    proposal: problems.length === 0 ? draft.proposal : null,
    configVersion,
    settings,
    stages,
    facts: own,
    names,
    shortages,
  };
}

/** What to do where no owner may decide: only the form of a new connector names owners. */
function whichOwner(kind: FormKind, hasOwners: boolean): string {
  if (kind !== "connector") {
    return "The connector needs a second owner: each owner it has asks for this or gains by it. An owner of the connector or security can add one on the connector's page: Hand over, to a role that nobody has yet.";
  }
  if (!hasOwners) return "Name an owner.";
  return "Every owner is also the requester or editor of this request, or owns an agent that gains by it. Name another owner.";
}

/** What to do about a reviewers' stage that cannot reach its quorum. */
function whomToAdd({ kind, quorum, found }: Shortage): string {
  const need = quorum - found;
  const people = need === 1 ? "one more person" : `${need} more people`;
  return `The ${kind.replace("_", " ")} stage needs ${people} with that reviewer role who did not ask for this. Administrators see that once you submit.`;
}

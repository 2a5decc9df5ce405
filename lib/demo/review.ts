import type { InputOf, OutputOf } from "#lib/contract/index.ts";
import type { DemoPerson, People } from "#lib/demo/people.ts";

export type RequestDetail = OutputOf<"requests.get">;
type Request = OutputOf<"requests.submit">;
type Review = InputOf<"requests.review">;
type StageKind = Review["stage"];

/** What a reviewer adds to an approval: fewer tools, conditions, a reason of their own. */
export type Terms = Partial<Pick<Review, "tools" | "conditions" | "reason">>;

/** Who reviews: in this order, so that owners are confirmed before they decide and platform comes last. */
const reviewers: readonly (readonly [DemoPerson, StageKind])[] = [
  ["security-1", "security"],
  ["owner", "owner"],
  ["data-protection", "data_protection"],
  ["security-2", "security"],
  ["platform", "platform"],
];

const reasons: Readonly<Record<StageKind, string>> = {
  security: "Identity, effects and findings looked at; owners are right.",
  owner: "We need it and answer for it.",
  data_protection: "No personal data beyond its purpose.",
  platform: "Runs where it may, with a version that is pinned.",
};

/** One approval of a stage, of the digest that the request shows. */
export function approve(
  people: People,
  who: DemoPerson,
  stage: StageKind,
  { id, digest, round }: Pick<Request, "id" | "digest" | "round">,
  terms: Terms = {},
): Promise<Request> {
  return people[who].ask("requests.review", {
    requestId: id,
    stage,
    verdict: "approve",
    digest: digest ?? "",
    round,
    reason: reasons[stage],
    confirmed: stage === "security",
    ...terms,
  });
}

/**
 * Plays every stage of a submitted request that still misses approvals.
 * @param terms what each security reviewer adds
 * @param answering the person who answers for the connector and decides its owner stage
 * @returns the request as it ends
 */
export async function approveAll(
  people: People,
  requestId: string,
  terms: Terms = {},
  answering: DemoPerson = "owner",
): Promise<RequestDetail> {
  for (const [reviewer, stage] of reviewers) {
    const who = stage === "owner" ? answering : reviewer;
    const request = await people[who].ask("requests.get", { requestId });
    if (request.state !== "submitted" && request.state !== "in_review") break;
    const asked = request.stages.find(({ kind }) => kind === stage);
    const hasDecided = request.reviews.some(({ current, reviewer: { id } }) => current && id === people[who].id);
    if (asked === undefined || asked.satisfied || hasDecided) continue;
    await approve(people, who, stage, request, stage === "security" ? terms : {});
  }
  const request = await people["security-1"].ask("requests.get", { requestId });
  if (request.state !== "approved")
    throw new Error(`The request "${request.title}" is ${request.state}, not approved.`);
  return request;
}

/** Drafts a request and submits it. */
export async function submit(
  people: People,
  who: DemoPerson,
  kind: InputOf<"requests.create">["kind"],
  form: Record<string, unknown>,
): Promise<Request> {
  const { id, rowVersion } = await people[who].ask("requests.create", { kind, form });
  return people[who].ask("requests.submit", { requestId: id, rowVersion });
}

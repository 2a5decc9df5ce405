"use client";
import type { Route } from "next";
import Link from "next/link";
import { useTranslations } from "use-intl";
import { classifications } from "#components/requests/request-words.ts";
import { TierReasons } from "#components/requests/tier-reasons.tsx";
import { type Fact, Facts } from "#components/ui/facts.tsx";
import { Section } from "#components/ui/section.tsx";
import { StateChip } from "#components/ui/state-chip.tsx";
import { UntrustedText } from "#components/ui/untrusted-text.tsx";
import type { RequestDetail } from "#lib/contract/requests.ts";

/** Why it is asked for, by whom, for which data, agents and time, and what the tier follows from. */
export function RequestFacts({ request }: { request: RequestDetail }) {
  const t = useTranslations("requests");
  const { form } = request;
  const classification = request.classification ?? classifications.find((name) => name === form.classification) ?? null;
  const environment = (["production", "staging", "development"] as const).find((name) => name === form.environment);
  const facts: Fact[] = [];
  if (typeof form.purpose === "string") {
    facts.push({
      id: "purpose",
      term: t("review.purpose"),
      value: (
        <div className="prose-width text-base">
          <UntrustedText text={form.purpose} />
        </div>
      ),
    });
  }
  facts.push({ id: "requester", term: t("review.requester"), value: request.requester.name });
  if (request.connector && request.kind !== "connector") {
    facts.push({
      id: "connector",
      term: t("review.connector"),
      value: (
        <Link
          className="font-medium text-accent-ink hover:underline"
          href={`/connectors/${request.connector.id}` as Route}
        >
          {request.connector.name}
        </Link>
      ),
    });
  }
  if (classification) {
    facts.push({
      id: "data",
      term: t("review.data"),
      value: t(`classification.${classification}`),
      note: t(`classificationMeaning.${classification}`),
    });
  }
  if (environment)
    facts.push({ id: "environment", term: t("review.environment"), value: t(`environment.${environment}`) });
  facts.push({
    id: "agents",
    term: t("review.agents"),
    value:
      request.agents.length === 0 ? (
        <span className="text-muted">{t("review.noAgents")}</span>
      ) : (
        request.agents.map(({ name }) => name).join(", ")
      ),
  });
  if (typeof form.durationDays === "number") {
    facts.push({
      id: "duration",
      term: t("review.duration"),
      value: t("review.days", { count: form.durationDays }),
      note: request.grantMaxDays === null ? undefined : t("review.until", { count: request.grantMaxDays }),
    });
  }
  if (request.owners.length > 0) {
    facts.push({
      id: "owners",
      term: t("review.owners"),
      value: (
        <ul className="flex flex-col gap-0.5">
          {request.owners.map((owner) => (
            <li key={owner.id} className="flex flex-wrap items-center gap-x-2">
              {owner.name}
              <span className="text-faint">{t(`review.ownerRole.${owner.role}`)}</span>
              <StateChip plain tone={owner.confirmed ? "green" : "amber"}>
                {owner.confirmed ? t("review.ownerConfirmed") : t("review.ownerUnconfirmed")}
              </StateChip>
            </li>
          ))}
        </ul>
      ),
    });
  }
  if (typeof form.ticket === "string" && form.ticket !== "") {
    facts.push({ id: "ticket", term: t("review.ticket"), value: <UntrustedText text={form.ticket} /> });
  }
  if (request.sentences.length > 0) {
    facts.push({
      id: "scope",
      term: t("review.scope"),
      value: (
        <ul className="flex flex-col gap-0.5">
          {request.sentences.map((sentence) => (
            <li key={sentence}>
              <UntrustedText text={sentence} />
            </li>
          ))}
        </ul>
      ),
    });
  }
  if (request.tier) {
    facts.push({
      id: "tier",
      term: t("review.tierWhy"),
      value: <TierReasons tier={request.tier} why={request.tierWhy} />,
    });
  }
  return (
    <Section title={t("review.why")}>
      <Facts facts={facts} />
    </Section>
  );
}

"use client";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { DecisionPanel } from "#components/requests/decision-panel.tsx";
import { useDecision } from "#components/requests/decision-state.ts";
import { DueTime } from "#components/requests/due-time.tsx";
import { FindingList } from "#components/requests/finding-list.tsx";
import { IdentityFacts } from "#components/requests/identity-facts.tsx";
import { RequestActs } from "#components/requests/request-acts.tsx";
import { RequestFacts } from "#components/requests/request-facts.tsx";
import { RequestTimeline } from "#components/requests/request-timeline.tsx";
import { isOpen, requestTone } from "#components/requests/request-words.ts";
import { ReviewChanges } from "#components/requests/review-changes.tsx";
import { ReviewTools } from "#components/requests/review-tools.tsx";
import { useBreadcrumb } from "#components/shell/breadcrumb.ts";
import { Button } from "#components/ui/button.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Section } from "#components/ui/section.tsx";
import { ShortId } from "#components/ui/short-id.tsx";
import { SplitPage } from "#components/ui/split-page.tsx";
import { StateChip } from "#components/ui/state-chip.tsx";
import { Tag } from "#components/ui/tag.tsx";
import { UntrustedText } from "#components/ui/untrusted-text.tsx";
import type { RequestDetail } from "#lib/contract/requests.ts";

/** What a reviewer saw when the page was opened; decisions are recorded on exactly this. */
export type Seen = { digest: string | null; round: number; versionId: string | null };

/** Asks for the request again; undefined when it cannot be read. */
export type Reload = () => Promise<RequestDetail | undefined>;

/** The page of one request: facts on the left, the decision beside them. */
export function Review({ request, reload }: { request: RequestDetail; reload: Reload }) {
  const t = useTranslations("requests");
  const now: Seen = { digest: request.digest, round: request.round, versionId: request.version?.id ?? null };
  const [seen, setSeen] = useState<Seen>(now);
  const making = useDecision(request);
  const { version } = request;
  const high = version?.findings.filter(({ severity }) => severity === "high").length ?? 0;
  useBreadcrumb([{ label: request.title }]);
  return (
    <>
      <PageHeader
        title={<UntrustedText text={request.title} />}
        state={<StateChip tone={requestTone[request.state]}>{t(`state.${request.state}`)}</StateChip>}
        meta={
          <>
            <Tag>{t(`kind.${request.kind}`)}</Tag>
            {request.connectorSlug ? <UntrustedText text={request.connectorSlug} inline mono /> : null}
            {version ? <span>{t("review.version", { number: version.number })}</span> : null}
            {request.tier ? <span>{t("tierOf", { tier: t(`tier.${request.tier}`) })}</span> : null}
            {request.digest ? (
              <span className="inline-flex items-center gap-1">
                {t("review.digest")} <ShortId value={request.digest} name={t("review.digest")} />
              </span>
            ) : null}
            {isOpen(request.state) && request.dueAt ? (
              <span className="inline-flex items-center gap-1">
                {t("review.due")} <DueTime request={request} focusable />
              </span>
            ) : null}
          </>
        }
        actions={<RequestActs request={request} />}
      />
      <SplitPage
        asideLabel={t("review.decision.title")}
        aside={
          <DecisionPanel
            request={request}
            making={making}
            seen={seen}
            reload={reload}
            onShowNew={() => {
              making.change({ excluded: [], hold: [], confirmed: false });
              setSeen(now);
            }}
          />
        }
        bar={
          <Button
            variant="primary"
            className="flex-1"
            onClick={() => {
              const panel = document.getElementById("decision");
              panel?.scrollIntoView();
              panel?.focus();
            }}
          >
            {making.stages.length > 0 ? t("review.decision.open") : t("review.decision.openRead")}
          </Button>
        }
      >
        <RequestFacts request={request} />
        {version ? (
          <>
            <Section title={t("review.identity.title")}>
              <IdentityFacts identity={version.identity} />
            </Section>
            <Section
              title={t("review.findings.title")}
              aside={
                version.findings.length > 0 ? (
                  <>
                    {t("review.findings.summary", { count: version.findings.length })}
                    {high > 0 ? <span className="text-red">{t("review.findings.high", { count: high })}</span> : null}
                  </>
                ) : undefined
              }
            >
              {version.findings.length > 0 ? (
                <FindingList findings={version.findings} />
              ) : (
                <p className="text-muted text-sm">{t("review.findings.none")}</p>
              )}
            </Section>
            <ReviewTools request={request} version={version} making={making} />
            <ReviewChanges request={request} />
          </>
        ) : null}
        <RequestTimeline request={request} />
      </SplitPage>
    </>
  );
}

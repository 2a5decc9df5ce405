"use client";
import type { Route } from "next";
import Link from "next/link";
import { useTranslations } from "use-intl";
import { useMayOpenAgent } from "#components/access/may-read.ts";
import { DetailLoading } from "#components/connectors/detail-loading.tsx";
import { EventsOf } from "#components/connectors/events-of.tsx";
import { PendingChanges } from "#components/connectors/pending-changes.tsx";
import { GrantScope } from "#components/grants/grant-scope.tsx";
import { GrantStatus } from "#components/grants/grant-status.tsx";
import { useBreadcrumb } from "#components/shell/breadcrumb.ts";
import { ConfirmAct, useAct } from "#components/shell/confirm-act.tsx";
import { Button, ButtonLink } from "#components/ui/button.tsx";
import { Facts } from "#components/ui/facts.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { useNow } from "#components/ui/now.ts";
import { PageHeader } from "#components/ui/page-header.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { Section } from "#components/ui/section.tsx";
import { ShortId } from "#components/ui/short-id.tsx";
import { SplitPage } from "#components/ui/split-page.tsx";
import { UntrustedText } from "#components/ui/untrusted-text.tsx";
import { useQueryFor } from "#lib/client/queries.ts";
import type { Grant } from "#lib/contract/grants.ts";

const soonMs = 14 * 86_400_000;
const linkClass = "rounded-sm text-accent-ink hover:underline";

/** One grant: what it allows in sentences and in detail, its term and use, revoking and extending. */
export function GrantPage({ grantId }: { grantId: string }) {
  const t = useTranslations("access.grant");
  const query = useQueryFor("grants.get", { grantId });
  const now = useNow();
  const grant = query.data;
  const heading = grant ? t("heading", { principal: grant.principal.name, connector: grant.connectorSlug }) : grantId;
  useBreadcrumb([{ label: t("title"), href: "/grants" as Route }, { label: heading }]);
  if (!grant) return <DetailLoading error={query.error} onRetry={() => void query.refetch()} />;
  const endsSoon = grant.status === "active" && Date.parse(grant.expiresAt) - now < soonMs;
  return (
    <>
      <PageHeader
        title={<UntrustedText text={heading} />}
        state={<GrantStatus status={grant.status} />}
        meta={<ShortId value={grant.id} name={t("field.id")} />}
        actions={<GrantActs grant={grant} />}
      />
      <PendingChanges subjectIds={[grant.id]} />
      {endsSoon ? (
        <div className="mb-4">
          <Notice tone="amber" title={t("expiringSoon")}>
            {t("expiringSoonBody")}
          </Notice>
        </div>
      ) : null}
      {grant.statusReason ? (
        <div className="mb-4">
          <Notice tone="grey" title={t("why")}>
            <UntrustedText text={grant.statusReason} />
          </Notice>
        </div>
      ) : null}
      <SplitPage asideLabel={t("term")} aside={<GrantFacts grant={grant} />}>
        <Section title={t("allows")} description={t("allowsBody")}>
          <ul className="flex flex-col gap-1.5 text-base text-ink">
            {grant.sentences.map((sentence) => (
              <li key={sentence}>
                <UntrustedText text={sentence} className="prose-width" />
              </li>
            ))}
          </ul>
        </Section>
        <GrantScope scope={grant.scope} />
        <Section title={t("activity")} flush>
          <EventsOf about={{ subjectId: grant.id }} label={t("activity")} flush />
        </Section>
      </SplitPage>
    </>
  );
}

function GrantActs({ grant }: { grant: Grant }) {
  const t = useTranslations("access.grant");
  const [, setAct] = useAct();
  const { principal, connectorSlug, callsLast30Days } = grant;
  return (
    <>
      {grant.may.includes("revoke") ? (
        <>
          <Button onClick={() => setAct("revoke")}>{t("revoke")}</Button>
          <ConfirmAct
            act="revoke"
            operation="grants.revoke"
            input={(reason) => ({ grantId: grant.id, reason })}
            title={t("revokeTitle")}
            description={t("revokeBody")}
            reach={t("revokeReach", { name: principal.name, connector: connectorSlug, calls: callsLast30Days })}
            confirmLabel={t("revoke")}
            danger
            done={t("revoked")}
          />
        </>
      ) : null}
      {grant.may.includes("extend") ? (
        <ButtonLink variant="primary" href={`/requests/new?kind=extension&grantId=${grant.id}` as Route}>
          {t("extend")}
        </ButtonLink>
      ) : null}
    </>
  );
}

function GrantFacts({ grant }: { grant: Grant }) {
  const t = useTranslations("access.grant");
  const { principal } = grant;
  const mayOpenAgent = useMayOpenAgent();
  return (
    <>
      <Section title={t("term")}>
        <Facts
          className="sm:grid-cols-[7rem_minmax(0,1fr)]!"
          facts={[
            { id: "starts", term: t("field.starts"), value: <RelativeTime value={grant.startsAt} /> },
            { id: "expires", term: t("field.expires"), value: <RelativeTime value={grant.expiresAt} /> },
            ...(grant.endedAt
              ? [{ id: "ended", term: t("field.ended"), value: <RelativeTime value={grant.endedAt} /> }]
              : []),
            {
              id: "calls",
              term: t("use"),
              value:
                grant.callsLast30Days === 0 ? (
                  t("useNone")
                ) : (
                  <Link href={`/activity?grantId=${grant.id}&types=calls` as Route} className={linkClass}>
                    {t("useCount", { count: grant.callsLast30Days })}
                  </Link>
                ),
            },
          ]}
        />
      </Section>
      <Section title={t("one")}>
        <Facts
          className="sm:grid-cols-[7rem_minmax(0,1fr)]!"
          facts={[
            {
              id: "principal",
              term: t(`principalKind.${principal.kind}`),
              value:
                principal.kind === "agent" && mayOpenAgent(principal.id) ? (
                  <Link href={`/agents/${principal.id}` as Route} className={linkClass}>
                    <UntrustedText text={principal.name} />
                  </Link>
                ) : (
                  <UntrustedText text={principal.name} />
                ),
            },
            {
              id: "connector",
              term: t("field.connector"),
              value: (
                <Link href={`/connectors/${grant.connectorSlug}` as Route} className={`font-mono ${linkClass}`}>
                  {grant.connectorSlug}
                </Link>
              ),
            },
            {
              id: "version",
              term: t("field.version"),
              value: (
                <Link
                  href={`/connectors/${grant.connectorSlug}?tab=versions` as Route}
                  className={`font-mono ${linkClass}`}
                >
                  {grant.versionId.slice(0, 12)}…
                </Link>
              ),
            },
            {
              id: "request",
              term: t("field.request"),
              value: (
                <Link href={`/requests/${grant.requestId}` as Route} className={`font-mono ${linkClass}`}>
                  {grant.requestId.slice(0, 12)}…
                </Link>
              ),
            },
          ]}
        />
      </Section>
    </>
  );
}

"use client";
import type { Route } from "next";
import Link from "next/link";
import { useTranslations } from "use-intl";
import { SkeletonCard } from "#components/connectors/skeleton-card.tsx";
import { FindingList } from "#components/requests/finding-list.tsx";
import { IdentityFacts } from "#components/requests/identity-facts.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { ErrorState } from "#components/ui/error-state.tsx";
import { Facts } from "#components/ui/facts.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { Section } from "#components/ui/section.tsx";
import { ShortId } from "#components/ui/short-id.tsx";
import { SplitPage } from "#components/ui/split-page.tsx";
import { UntrustedText } from "#components/ui/untrusted-text.tsx";
import { useQueryFor } from "#lib/client/queries.ts";
import type { OutputOf } from "#lib/contract/index.ts";

type Detail = OutputOf<"connectors.get">;

/** What a connector is and why it is trusted: quarantines, identity and findings, beside approval and owners. */
export function ConnectorOverview({ connector }: { connector: Detail }) {
  const t = useTranslations("inventory");
  return (
    <SplitPage
      asideLabel={t("connectors.approval")}
      aside={
        <>
          <Approval connector={connector} />
          <Owners connector={connector} />
        </>
      }
    >
      {connector.quarantines.length > 0 ? <Quarantines connector={connector} /> : null}
      <VersionFacts connector={connector} />
    </SplitPage>
  );
}

function VersionFacts({ connector }: { connector: Detail }) {
  const t = useTranslations("inventory.connectors");
  const inventory = useTranslations("inventory");
  const { data, error, isPending, refetch } = useQueryFor("connectors.versions", { connectorId: connector.id });
  const version = data?.items.find((item) => item.id === connector.approvedVersionId) ?? data?.items[0];
  if (isPending) return <SkeletonCard />;
  if (error) return <ErrorState body={error.message} onRetry={() => void refetch()} />;
  if (!version) {
    return (
      <Section title={t("identity")}>
        <EmptyState title={t("noVersion")} />
      </Section>
    );
  }
  return (
    <>
      <Section
        title={t("identity")}
        description={t("identityBody")}
        aside={
          <>
            {t("versionNumber", { number: version.number })}
            <ShortId value={version.digest} name={inventory("field.digest")} />
          </>
        }
      >
        <IdentityFacts identity={version.identity} />
      </Section>
      <Section title={t("findings")} aside={version.findings.length > 0 ? version.findings.length : null}>
        {version.findings.length === 0 ? (
          <p className="text-faint text-sm">{t("findingsNone")}</p>
        ) : (
          <FindingList findings={version.findings} />
        )}
      </Section>
    </>
  );
}

function Quarantines({ connector }: { connector: Detail }) {
  const t = useTranslations("inventory.connectors");
  return (
    <Section title={t("quarantine")} description={t("quarantineWhatToDo")} flush>
      <ul className="divide-y text-sm">
        {connector.quarantines.map((item) => (
          <li key={item.id} className="flex flex-wrap items-baseline gap-x-3 px-4 py-2.5">
            <span className="min-w-0 font-medium text-ink">
              {item.toolName === null ? t("quarantineServer") : <UntrustedText inline mono text={item.toolName} />}
            </span>
            <span className="min-w-0 flex-1 basis-60 text-muted">
              <UntrustedText text={t("quarantineReason", { reason: item.reason.replaceAll("_", " ") })} />
            </span>
            <RelativeTime value={item.at} className="text-faint" />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Approval({ connector }: { connector: Detail }) {
  const t = useTranslations("inventory.connectors");
  const inventory = useTranslations("inventory");
  const facts = [
    {
      id: "class",
      term: inventory("field.classification"),
      value: inventory(`classification.${connector.classification}`),
    },
    { id: "transport", term: inventory("field.transport"), value: inventory(`transport.${connector.transport}`) },
    {
      id: "environment",
      term: inventory("field.environment"),
      value: <span className="inline-block first-letter:uppercase">{connector.environment}</span>,
    },
    { id: "created", term: inventory("field.age"), value: <RelativeTime value={connector.createdAt} /> },
  ];
  const approved = connector.approvalExpiresAt
    ? [
        {
          id: "tools",
          term: inventory("field.tools"),
          value: (
            <Link
              href={`/connectors/${connector.slug}?tab=tools` as Route}
              className="rounded-sm text-accent-ink hover:underline"
            >
              {t("approvedTools", { approved: connector.approvedTools.length, total: connector.toolCount })}
            </Link>
          ),
          note: t("held", { count: connector.holdTools.length }),
        },
        { id: "expires", term: t("expires"), value: <RelativeTime value={connector.approvalExpiresAt} /> },
      ]
    : [{ id: "none", term: inventory("field.tools"), value: t("approvalNone") }];
  return (
    <Section title={t("approval")}>
      <Facts facts={[...approved, ...facts]} className="sm:grid-cols-[7rem_minmax(0,1fr)]!" />
    </Section>
  );
}

function Owners({ connector }: { connector: Detail }) {
  const t = useTranslations("inventory");
  return (
    <Section title={t("field.owners")}>
      {connector.owners.length === 0 ? (
        <p className="text-amber text-sm">{t("noOwner")}</p>
      ) : (
        <Facts
          className="sm:grid-cols-[7rem_minmax(0,1fr)]!"
          facts={connector.owners.map((owner) => ({
            id: owner.id,
            term: t(`role.${owner.role}`),
            value: <UntrustedText text={owner.name} />,
            ...(owner.confirmed ? {} : { note: t("unconfirmed") }),
          }))}
        />
      )}
    </Section>
  );
}

"use client";
import { useTranslations } from "use-intl";
import { AccessMatrix } from "#components/access/access-matrix.tsx";
import { Accountable } from "#components/connectors/accountable.tsx";
import { ConnectorActs } from "#components/connectors/connector-acts.tsx";
import { ConnectorOverview } from "#components/connectors/connector-overview.tsx";
import { ConnectorStatus } from "#components/connectors/connector-status.tsx";
import { ConnectorTools } from "#components/connectors/connector-tools.tsx";
import { ConnectorVersions } from "#components/connectors/connector-versions.tsx";
import { DetailLoading } from "#components/connectors/detail-loading.tsx";
import { EventsOf } from "#components/connectors/events-of.tsx";
import { PendingChanges } from "#components/connectors/pending-changes.tsx";
import { useBreadcrumb } from "#components/shell/breadcrumb.ts";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Tabs } from "#components/ui/tabs.tsx";
import { Tag } from "#components/ui/tag.tsx";
import type { Tone } from "#components/ui/tone.ts";
import { UntrustedText } from "#components/ui/untrusted-text.tsx";
import { useQueryFor } from "#lib/client/queries.ts";
import type { Connector } from "#lib/contract/connectors.ts";

const stopTones = {
  requested: "blue",
  approved: "neutral",
  suspended: "amber",
  quarantined: "red",
  retired: "grey",
} as const satisfies Partial<Record<Connector["status"], Tone>>;

/** One connector, by id or slug: its state and acts, and everything known about it behind tabs. */
export function ConnectorPage({ connectorId }: { connectorId: string }) {
  const t = useTranslations("inventory");
  const query = useQueryFor("connectors.get", { connectorId });
  const connector = query.data;
  useBreadcrumb([{ label: connector?.name ?? connectorId }]);
  if (!connector) return <DetailLoading error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <>
      <PageHeader
        title={<UntrustedText text={connector.name} />}
        state={
          <>
            <ConnectorStatus status={connector.status} />
            <Tag>{`${t("field.tier")}: ${t(`tier.${connector.tier}`)}`}</Tag>
          </>
        }
        description={<UntrustedText text={connector.purpose} collapseAfter={240} />}
        meta={
          <>
            <span className="inline-flex min-w-0 items-center gap-0.5">
              <span className="isolated font-mono">{connector.endpoint}</span>
              <CopyButton value={connector.endpoint} name={t("copyEndpoint")} />
            </span>
            <span className="inline-flex min-w-0 gap-1">
              {t("field.owner")}: <Accountable owners={connector.owners} />
            </span>
          </>
        }
        actions={<ConnectorActs connector={connector} />}
      />
      <PendingChanges subjectIds={[connector.id]} />
      {connector.status === "enabled" ? null : (
        <div className="mb-4">
          <Notice tone={stopTones[connector.status]} title={t(`connectors.statusWhy.${connector.status}`)}>
            {connector.statusReason ? <UntrustedText text={connector.statusReason} /> : null}
          </Notice>
        </div>
      )}
      <Tabs
        label={t("connectors.tab.label")}
        tabs={[
          { id: "overview", label: t("connectors.tab.overview"), panel: <ConnectorOverview connector={connector} /> },
          {
            id: "tools",
            label: t("connectors.tab.tools"),
            count: connector.toolCount,
            panel: <ConnectorTools connector={connector} />,
          },
          {
            id: "access",
            label: t("connectors.tab.access"),
            panel: <AccessMatrix connectorId={connector.id} connectorSlug={connector.slug} />,
          },
          { id: "versions", label: t("connectors.tab.versions"), panel: <ConnectorVersions connector={connector} /> },
          {
            id: "activity",
            label: t("connectors.tab.activity"),
            panel: <EventsOf about={{ connectorId: connector.id }} label={t("connectors.tab.activity")} />,
          },
        ]}
      />
    </>
  );
}

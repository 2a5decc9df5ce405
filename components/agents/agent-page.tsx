"use client";
import type { Route } from "next";
import { useTranslations } from "use-intl";
import { ReachTable } from "#components/access/reach-table.tsx";
import { AgentActs } from "#components/agents/agent-acts.tsx";
import { AgentConnect } from "#components/agents/agent-connect.tsx";
import { AgentKeys } from "#components/agents/agent-keys.tsx";
import { AgentStatus } from "#components/agents/agent-status.tsx";
import { Accountable } from "#components/connectors/accountable.tsx";
import { DetailLoading } from "#components/connectors/detail-loading.tsx";
import { EventsOf } from "#components/connectors/events-of.tsx";
import { PendingChanges } from "#components/connectors/pending-changes.tsx";
import { GrantsTable } from "#components/grants/grants-table.tsx";
import { useBreadcrumb } from "#components/shell/breadcrumb.ts";
import { ButtonLink } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Facts } from "#components/ui/facts.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { Section } from "#components/ui/section.tsx";
import { ShortId } from "#components/ui/short-id.tsx";
import { SplitPage } from "#components/ui/split-page.tsx";
import { Tabs } from "#components/ui/tabs.tsx";
import { Tag } from "#components/ui/tag.tsx";
import { UntrustedText } from "#components/ui/untrusted-text.tsx";
import { useQueryFor } from "#lib/client/queries.ts";
import type { OutputOf } from "#lib/contract/index.ts";

type Detail = OutputOf<"agents.get">;

/** One agent, by id or slug: who it is, its keys, what it reaches, how it connects. */
export function AgentPage({ agentId }: { agentId: string }) {
  const t = useTranslations("access.agent");
  const inventory = useTranslations("inventory");
  const query = useQueryFor("agents.get", { agentId });
  const agent = query.data;
  useBreadcrumb([{ label: agent?.name ?? agentId }]);
  if (!agent) return <DetailLoading error={query.error} onRetry={() => void query.refetch()} />;
  const requestGrant = (
    <ButtonLink href={`/requests/new?kind=grant&agentId=${agent.id}` as Route} variant="primary">
      {inventory("connectors.requestGrant")}
    </ButtonLink>
  );
  return (
    <>
      <PageHeader
        title={<UntrustedText text={agent.name} />}
        state={<AgentStatus status={agent.status} />}
        description={<UntrustedText text={agent.purpose} collapseAfter={240} />}
        meta={
          <>
            <span className="font-mono">{agent.slug}</span>
            <span className="inline-flex min-w-0 gap-1">
              {inventory("field.owner")}: <Accountable owners={agent.owners} />
            </span>
          </>
        }
        actions={<AgentActs agent={agent} />}
      />
      <PendingChanges subjectIds={[agent.id]} />
      {agent.status === "active" ? null : (
        <div className="mb-4">
          <Notice tone={agent.status === "suspended" ? "amber" : "grey"} title={t(`statusWhy.${agent.status}`)}>
            {agent.statusReason ? <UntrustedText text={agent.statusReason} /> : null}
          </Notice>
        </div>
      )}
      <Tabs
        label={t("tab.label")}
        tabs={[
          {
            id: "overview",
            label: t("tab.overview"),
            panel: (
              <SplitPage asideLabel={inventory("field.id")} aside={<AgentFacts agent={agent} />}>
                <AgentKeys agent={agent} />
              </SplitPage>
            ),
          },
          {
            id: "access",
            label: t("tab.access"),
            panel: (
              <ReachTable
                subject={{ agentId: agent.id }}
                label={t("reaches")}
                prefix="reach-"
                empty={<AccessEmpty name={agent.name} action={requestGrant} />}
              />
            ),
          },
          {
            id: "grants",
            label: t("tab.grants"),
            count: agent.activeGrants,
            panel: <GrantsTable filter={{ agentId: agent.id }} action={requestGrant} />,
          },
          { id: "connect", label: t("tab.connect"), panel: <AgentConnect agent={agent} /> },
          {
            id: "activity",
            label: t("tab.activity"),
            panel: <EventsOf about={{ agentId: agent.id }} label={t("tab.activity")} />,
          },
        ]}
      />
    </>
  );
}

function AccessEmpty({ name, action }: { name: string; action: React.ReactNode }) {
  const t = useTranslations("access");
  return <EmptyState title={t("agentEmpty", { name })} body={t("agentEmptyBody")} action={action} />;
}

function AgentFacts({ agent }: { agent: Detail }) {
  const t = useTranslations("inventory");
  return (
    <Section title={t("field.owners")}>
      <Facts
        className="sm:grid-cols-[7rem_minmax(0,1fr)]!"
        facts={[
          ...agent.owners.map((owner) => ({
            id: owner.id,
            term: t(`role.${owner.role}`),
            value: <UntrustedText text={owner.name} />,
          })),
          ...(agent.teams.length > 0
            ? [
                {
                  id: "teams",
                  term: t("field.teams"),
                  value: <UntrustedText text={agent.teams.map((team) => team.name).join(", ")} />,
                },
              ]
            : []),
          {
            id: "environment",
            term: t("field.environment"),
            value: <span className="inline-block first-letter:uppercase">{agent.environment}</span>,
          },
          ...(agent.labels.length > 0
            ? [
                {
                  id: "labels",
                  term: t("field.labels"),
                  value: (
                    <span className="flex flex-wrap gap-1">
                      {agent.labels.map((label) => (
                        <Tag key={label}>{label}</Tag>
                      ))}
                    </span>
                  ),
                },
              ]
            : []),
          { id: "created", term: t("field.age"), value: <RelativeTime value={agent.createdAt} /> },
          ...(agent.lastCallAt
            ? [{ id: "lastCall", term: t("field.lastCall"), value: <RelativeTime value={agent.lastCallAt} /> }]
            : []),
          { id: "id", term: t("field.id"), value: <ShortId value={agent.id} name={t("field.id")} /> },
        ]}
      />
    </Section>
  );
}

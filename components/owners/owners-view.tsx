"use client";
import type { Route } from "next";
import Link from "next/link";
import { parseAsString, useQueryState } from "nuqs";
import { useMemo } from "react";
import { useTranslations } from "use-intl";
import { AgentStatus } from "#components/agents/agent-status.tsx";
import { ConnectorStatus } from "#components/connectors/connector-status.tsx";
import { useEveryRow } from "#components/connectors/every-row.ts";
import { groupOwners, type Owned, type OwnerGroup } from "#components/owners/group-owners.ts";
import { InventoryTabs } from "#components/shell/inventory-tabs.tsx";
import { Avatar } from "#components/ui/avatar.tsx";
import { Button } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { ErrorState } from "#components/ui/error-state.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { SearchField } from "#components/ui/search-field.tsx";
import { Section } from "#components/ui/section.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { StateChip } from "#components/ui/state-chip.tsx";
import { UntrustedText } from "#components/ui/untrusted-text.tsx";
import { useInfiniteQueryFor } from "#lib/client/queries.ts";

/** Who answers for what: people and teams with their connectors and agents, those without an owner first. */
export function OwnersView() {
  const t = useTranslations("inventory.owners");
  const [search, setSearch] = useQueryState("q", parseAsString.withDefault(""));
  const connectorsQuery = useInfiniteQueryFor("connectors.list", { limit: 200 });
  const agentsQuery = useInfiniteQueryFor("agents.list", { limit: 200 });
  const connectors = useEveryRow(connectorsQuery);
  const agents = useEveryRow(agentsQuery);
  const grouped = useMemo(() => groupOwners(connectors ?? [], agents ?? []), [connectors, agents]);
  const { groups, orphans } = useMemo(() => matching(grouped, search), [grouped, search]);
  const error = connectorsQuery.error ?? agentsQuery.error;
  const isEmpty = grouped.groups.length === 0 && grouped.orphans.length === 0;

  return (
    <>
      <PageHeader title={t("title")} />
      <InventoryTabs />
      <div className="mb-4 max-w-sm">
        <SearchField label={t("search")} value={search} onChange={(next) => void setSearch(next || null)} />
      </div>
      {error ? (
        <ErrorState
          body={error.message}
          onRetry={() => void Promise.all([connectorsQuery.refetch(), agentsQuery.refetch()])}
        />
      ) : !connectors || !agents ? (
        <div aria-hidden className="flex flex-col gap-4">
          <Skeleton className="h-40 w-full" />
          <Skeleton className="h-40 w-full" />
        </div>
      ) : isEmpty ? (
        <EmptyState title={t("emptyTitle")} body={t("emptyBody")} />
      ) : groups.length === 0 && orphans.length === 0 ? (
        <EmptyState
          title={t("noMatch")}
          body={t("noMatchBody")}
          action={<Button onClick={() => void setSearch(null)}>{t("clear")}</Button>}
        />
      ) : (
        <div className="flex flex-col gap-4">
          {orphans.length > 0 ? (
            <Section
              title={
                <StateChip plain tone="amber">
                  {t("orphans")}
                </StateChip>
              }
              description={t("orphansBody")}
              aside={orphans.length}
              flush
            >
              <OwnedList owned={orphans} />
            </Section>
          ) : null}
          {groups.map((group) => (
            <Group key={group.id} group={group} />
          ))}
        </div>
      )}
    </>
  );
}

function Group({ group }: { group: OwnerGroup }) {
  const t = useTranslations("inventory");
  const count = (kind: Owned["kind"]) =>
    new Set(group.owned.filter((item) => item.kind === kind).map((item) => item.id)).size;
  return (
    <Section
      title={
        <span className="flex items-center gap-2">
          <Avatar name={group.name} size={20} />
          <UntrustedText text={group.name} />
          <span className="font-normal text-faint">{t(`ownerKind.${group.kind}`)}</span>
        </span>
      }
      aside={t("owners.count", { connectors: count("connector"), agents: count("agent") })}
      flush
    >
      <OwnedList owned={group.owned} />
    </Section>
  );
}

function OwnedList({ owned }: { owned: readonly Owned[] }) {
  const t = useTranslations("inventory");
  return (
    <ul className="divide-y text-sm">
      {owned.map((item) => (
        <li
          key={`${item.kind} ${item.id} ${item.role}`}
          className="relative flex min-h-9 items-center gap-3 px-4 py-1 hover:bg-subtle"
        >
          <span className="w-20 shrink-0 text-faint">{t(`owners.${item.kind}`)}</span>
          <Link
            href={`/${item.kind}s/${item.slug}` as Route}
            prefetch={false}
            className="min-w-0 flex-1 font-medium text-ink after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent-ink"
          >
            <UntrustedText inline text={item.name} />
          </Link>
          {item.role ? (
            <span className="shrink-0 text-muted max-sm:hidden">
              {t(`role.${item.role}`)}
              {item.confirmed ? null : <span className="text-amber">{`, ${t("unconfirmed")}`}</span>}
            </span>
          ) : null}
          <span className="w-28 shrink-0">
            <Status item={item} />
          </span>
        </li>
      ))}
    </ul>
  );
}

function Status({ item: { status } }: { item: Owned }) {
  if (status === "active") return <AgentStatus plain status={status} />;
  return <ConnectorStatus plain status={status} />;
}

function matching(all: ReturnType<typeof groupOwners>, search: string): ReturnType<typeof groupOwners> {
  const wanted = search.trim().toLowerCase();
  if (wanted === "") return all;
  const has = (item: Owned) => `${item.name} ${item.slug}`.toLowerCase().includes(wanted);
  return {
    orphans: all.orphans.filter(has),
    groups: all.groups
      .map((group) =>
        group.name.toLowerCase().includes(wanted) ? group : { ...group, owned: group.owned.filter(has) },
      )
      .filter((group) => group.owned.length > 0),
  };
}

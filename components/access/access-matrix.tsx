"use client";
import type { Route } from "next";
import { useMemo, useState } from "react";
import { useTranslations } from "use-intl";
import { AccessChip } from "#components/access/access-chip.tsx";
import { AccessError } from "#components/access/access-error.tsx";
import { MatrixGrid } from "#components/access/matrix-grid.tsx";
import { SkeletonCard } from "#components/connectors/skeleton-card.tsx";
import { Button, ButtonLink } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Input } from "#components/ui/input.tsx";
import { useQueryFor } from "#lib/client/queries.ts";

const columnsShown = 40;

/** Agents against the tools of one connector. The gateway's rules answer each cell; a press says why. */
export function AccessMatrix({ connectorId, connectorSlug }: { connectorId: string; connectorSlug: string }) {
  const t = useTranslations("access");
  const ui = useTranslations("ui");
  const { data, error, refetch } = useQueryFor("access.matrix", { connectorId }, { refetchInterval: 30_000 });
  const [search, setSearch] = useState("");
  const [isWhole, setIsWhole] = useState(false);
  const tools = useMemo(() => {
    const wanted = search.trim().toLowerCase();
    return (data?.tools ?? []).filter((tool) => tool.name.toLowerCase().includes(wanted));
  }, [data, search]);

  if (error) return <AccessError error={error} onRetry={() => void refetch()} />;
  if (!data) return <SkeletonCard />;
  if (data.tools.length === 0) return <EmptyState title={t("matrixNoTools")} body={t("matrixNoToolsBody")} />;
  if (data.agents.length === 0) {
    return (
      <EmptyState
        title={t("matrixEmpty")}
        body={t("matrixEmptyBody")}
        action={
          <ButtonLink href={`/requests/new?kind=grant&connectorId=${connectorId}` as Route} variant="primary">
            {t("requestGrant")}
          </ButtonLink>
        }
      />
    );
  }
  const shown = isWhole ? tools : tools.slice(0, columnsShown);
  return (
    <div className="flex min-w-0 flex-col gap-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Input
          data-search
          aria-label={t("filterTools")}
          placeholder={t("filterTools")}
          className="w-56!"
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
        <span className="flex flex-wrap gap-x-4 text-faint text-sm">
          <AccessChip access="permit" />
          <AccessChip access="conditional" />
          <AccessChip access="none" />
        </span>
        <span className="text-faint text-sm">{t("matrixHelp")}</span>
      </div>
      {shown.length === 0 ? (
        <EmptyState title={t("noToolMatch")} action={<Button onClick={() => setSearch("")}>{ui("clear")}</Button>} />
      ) : (
        <MatrixGrid
          label={t("matrixLabel", { connector: connectorSlug })}
          connectorId={connectorId}
          tools={shown}
          agents={data.agents}
        />
      )}
      {shown.length < tools.length ? (
        <Button className="self-start" onClick={() => setIsWhole(true)}>
          {ui("json.more", { count: tools.length - shown.length })}
        </Button>
      ) : null}
    </div>
  );
}

"use client";
import FileText from "lucide-react/icons/file-text";
import Plus from "lucide-react/icons/plus";
import type { Route } from "next";
import { useRouter } from "next/navigation";
import { useMemo } from "react";
import { useTranslations } from "use-intl";
import { useDecideKeys } from "#components/requests/decide-keys.ts";
import { useRequestColumns } from "#components/requests/request-columns.tsx";
import { Button, ButtonLink } from "#components/ui/button.tsx";
import { DataTable } from "#components/ui/data-table.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { ErrorState } from "#components/ui/error-state.tsx";
import { Kbd } from "#components/ui/kbd.tsx";
import { type TableState, useTableState } from "#components/ui/table-state.ts";
import { useInfiniteQueryFor } from "#lib/client/queries.ts";
import { type Request, RequestKind, RequestState } from "#lib/contract/requests.ts";
import { Tier } from "#lib/contract/settings.ts";

type View = "mine" | "queue" | "all";

const none: readonly Request[] = [];
const facetIds = ["state", "tier", "kind"] as const;

/** One view of the requests. In the queue several can be selected and reviewed one by one. */
export function RequestTable({ view }: { view: View }) {
  const t = useTranslations("requests");
  const router = useRouter();
  const table = useOneEach(useTableState({ facets: facetIds }));
  const columns = useRequestColumns(view !== "mine");
  const list = useInfiniteQueryFor("requests.list", {
    view,
    q: table.search || undefined,
    state: RequestState.safeParse(table.filters.state?.[0]).data,
    tier: Tier.safeParse(table.filters.tier?.[0]).data,
    kind: RequestKind.safeParse(table.filters.kind?.[0]).data,
  });
  const facets = useMemo(
    () => [
      {
        id: "state",
        label: t("column.state"),
        options: RequestState.options.map((value) => ({ value, label: t(`state.${value}`) })),
      },
      {
        id: "tier",
        label: t("column.tier"),
        options: Tier.options.map((value) => ({ value, label: t(`tier.${value}`) })),
      },
      {
        id: "kind",
        label: t("column.kind"),
        options: RequestKind.options.map((value) => ({ value, label: t(`kind.${value}`) })),
      },
    ],
    [t],
  );
  return (
    <>
      {view === "queue" ? <QueueKeys /> : null}
      <DataTable
        label={t("title")}
        state={table}
        columns={columns}
        rows={list.data ?? none}
        rowId={(row) => row.id}
        rowName={(row) => row.title}
        mode="server"
        facets={facets}
        rowHref={(row) => `/requests/${row.id}${row.state === "draft" ? "/edit" : ""}` as Route}
        {...(view === "queue"
          ? {
              bulk: (ids: readonly string[]) => {
                const [first, ...rest] = ids;
                const next = rest.length > 0 ? `?next=${rest.join(",")}` : "";
                return (
                  <Button onClick={() => router.push(`/requests/${first}${next}` as Route)}>
                    {t("reviewSelected", { count: ids.length })}
                  </Button>
                );
              },
            }
          : {})}
        hasMore={list.hasNextPage}
        onMore={() => void list.fetchNextPage()}
        loadingMore={list.isFetchingNextPage}
        loading={list.isPending}
        error={
          list.error && !list.data ? (
            <ErrorState onRetry={() => void list.refetch()} retrying={list.isRefetching} />
          ) : undefined
        }
        empty={<Nothing view={view} />}
        exportName="requests"
      />
    </>
  );
}

/** The API filters by one value each; choosing another replaces it. */
function useOneEach(state: TableState): TableState {
  return useMemo(() => ({ ...state, setFilter: (facet, values) => state.setFilter(facet, values.slice(-1)) }), [state]);
}

function QueueKeys() {
  const t = useTranslations("requests");
  useDecideKeys();
  return (
    <p className="mb-3 flex flex-wrap items-center gap-x-3 gap-y-1 text-faint text-sm max-sm:hidden">
      {t("keys")}
      <span className="inline-flex items-center gap-1.5">
        <Kbd>a</Kbd> {t("keyApprove")}
      </span>
      <span className="inline-flex items-center gap-1.5">
        <Kbd>c</Kbd> {t("keyChanges")}
      </span>
      <span className="inline-flex items-center gap-1.5">
        <Kbd>r</Kbd> {t("keyDeny")}
      </span>
    </p>
  );
}

function Nothing({ view }: { view: View }) {
  const t = useTranslations("requests");
  const action =
    view === "queue" ? (
      <ButtonLink href={"/requests?tab=all" as Route}>{t("empty.showAll")}</ButtonLink>
    ) : (
      <ButtonLink href="/requests/new" variant="primary" icon={<Plus size={14} aria-hidden />}>
        {t("new")}
      </ButtonLink>
    );
  return (
    <EmptyState
      icon={<FileText size={20} aria-hidden />}
      title={t(`empty.${view}Title`)}
      body={t(`empty.${view}Body`)}
      action={action}
    />
  );
}

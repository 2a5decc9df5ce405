"use client";
import Plus from "lucide-react/icons/plus";
import { useMemo } from "react";
import { useTranslations } from "use-intl";
import { CreateToken } from "#components/settings/create-token.tsx";
import { TabIntro } from "#components/settings/tab-intro.tsx";
import { ConfirmAct, useAct } from "#components/shell/confirm-act.tsx";
import { Button } from "#components/ui/button.tsx";
import { DataTable } from "#components/ui/data-table.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { ErrorState } from "#components/ui/error-state.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { StateChip } from "#components/ui/state-chip.tsx";
import type { Column } from "#components/ui/table-column.ts";
import { useTableState } from "#components/ui/table-state.ts";
import { Tag } from "#components/ui/tag.tsx";
import { UntrustedText } from "#components/ui/untrusted-text.tsx";
import { useInfiniteQueryFor } from "#lib/client/queries.ts";
import type { AccessToken } from "#lib/contract/tokens.ts";

/** The person's own access tokens. */
export function TokensTab() {
  const t = useTranslations("settings.tokens");
  const [, setAct] = useAct();
  const state = useTableState({ prefix: "token-" });
  const list = useInfiniteQueryFor("tokens.list", { limit: 100 });
  const rows = list.data ?? [];
  const columns = useColumns(setAct);
  return (
    <>
      <TabIntro
        action={
          <Button icon={<Plus size={14} aria-hidden />} onClick={() => setAct("create-token")}>
            {t("create")}
          </Button>
        }
      >
        {t("description")}
      </TabIntro>
      <DataTable
        label={t("label")}
        state={state}
        columns={columns}
        rows={rows}
        rowId={(token) => token.id}
        rowName={(token) => token.name}
        mode="client"
        fit="content"
        hideToolbar
        loading={list.isPending}
        hasMore={list.hasNextPage}
        onMore={() => void list.fetchNextPage()}
        loadingMore={list.isFetchingNextPage}
        {...(list.isError
          ? { error: <ErrorState onRetry={() => void list.refetch()} retrying={list.isFetching} /> }
          : {})}
        empty={<EmptyState title={t("emptyTitle")} body={t("emptyBody")} />}
      />
      <CreateToken />
      {rows.map((token) => (
        <ConfirmAct
          key={token.id}
          act={`revoke-${token.id}`}
          operation="tokens.revoke"
          input={() => ({ tokenId: token.id })}
          title={t("revokeTitle", { name: token.name })}
          description={t("revokeBody")}
          confirmLabel={t("revoke")}
          reasonMin={false}
          danger
          done={t("revokeDone", { name: token.name })}
        />
      ))}
    </>
  );
}

/** Whether a token still works. */
function stateOf({ revokedAt, expiresAt }: AccessToken): "active" | "revoked" | "expired" {
  if (revokedAt !== null) return "revoked";
  return Date.parse(expiresAt) <= Date.now() ? "expired" : "active";
}

const tones = { active: "green", revoked: "red", expired: "grey" } as const;

function useColumns(setAct: (act: string) => void): readonly Column<AccessToken>[] {
  const t = useTranslations("settings.tokens");
  // biome-ignore lint/correctness/useExhaustiveDependencies: setAct does the same whenever it is made
  return useMemo(
    () => [
      {
        id: "name",
        header: t("name"),
        value: (token) => token.name,
        cell: (token) => (
          <span className="flex min-w-0 items-center gap-2">
            <UntrustedText text={token.name} inline />
            {token.demo ? <Tag>{t("demo")}</Tag> : null}
          </span>
        ),
        primary: true,
        minWidth: 160,
      },
      {
        id: "scopes",
        header: t("scopes"),
        value: (token) => token.scopes.join(", "),
        cell: (token) => <span className="truncate font-mono text-muted">{token.scopes.join(", ")}</span>,
        minWidth: 200,
        hideOnSmall: true,
      },
      {
        id: "createdAt",
        header: t("created"),
        value: (token) => token.createdAt,
        cell: (token) => <RelativeTime value={token.createdAt} focusable={false} className="text-muted" />,
        width: 130,
        hideOnSmall: true,
      },
      {
        id: "expiresAt",
        header: t("expires"),
        value: (token) => token.expiresAt,
        cell: (token) => <RelativeTime value={token.expiresAt} focusable={false} className="text-muted" />,
        width: 130,
        hideOnSmall: true,
      },
      {
        id: "state",
        header: t("state"),
        value: (token) => t(stateOf(token)),
        cell: (token) => (
          <StateChip plain tone={tones[stateOf(token)]}>
            {t(stateOf(token))}
          </StateChip>
        ),
        width: 110,
      },
      {
        id: "act",
        header: t("revoke"),
        value: () => null,
        cell: (token) =>
          stateOf(token) === "active" ? (
            <Button
              variant="ghost"
              className="h-7!"
              aria-label={t("revokeName", { name: token.name })}
              onClick={() => setAct(`revoke-${token.id}`)}
            >
              {t("revoke")}
            </Button>
          ) : null,
        width: 100,
        align: "end",
      },
    ],
    [t],
  );
}

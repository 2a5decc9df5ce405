"use client";
import { useQueryState } from "nuqs";
import { useMemo } from "react";
import { useTranslations } from "use-intl";
import { PersonSheet } from "#components/settings/person-sheet.tsx";
import { TabIntro } from "#components/settings/tab-intro.tsx";
import { Button } from "#components/ui/button.tsx";
import { DataTable } from "#components/ui/data-table.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { ErrorState } from "#components/ui/error-state.tsx";
import { StateChip } from "#components/ui/state-chip.tsx";
import type { Column } from "#components/ui/table-column.ts";
import { useTableState } from "#components/ui/table-state.ts";
import { UntrustedText } from "#components/ui/untrusted-text.tsx";
import { useInfiniteQueryFor } from "#lib/client/queries.ts";
import type { Person } from "#lib/contract/people.ts";

/** Everybody, searched on the server; a row opens the person. */
export function PeopleTab() {
  const t = useTranslations("settings.people");
  const state = useTableState();
  const [open, setOpen] = useQueryState("person");
  const list = useInfiniteQueryFor("people.list", { limit: 100, ...(state.search === "" ? {} : { q: state.search }) });
  const columns = useColumns();
  const rows = list.data ?? [];
  const person = rows.find(({ id }) => id === open) ?? null;
  return (
    <>
      <TabIntro>{t("description")}</TabIntro>
      <DataTable
        label={t("label")}
        state={state}
        columns={columns}
        rows={rows}
        rowId={(one) => one.id}
        rowName={(one) => one.name}
        onOpen={(one) => void setOpen(one.id)}
        mode="server"
        loading={list.isPending}
        hasMore={list.hasNextPage}
        onMore={() => void list.fetchNextPage()}
        loadingMore={list.isFetchingNextPage}
        {...(list.isError
          ? { error: <ErrorState onRetry={() => void list.refetch()} retrying={list.isFetching} /> }
          : {})}
        empty={
          state.search === "" ? (
            <EmptyState title={t("emptyTitle")} body={t("emptyBody")} />
          ) : (
            <EmptyState
              title={t("noMatch", { q: state.search })}
              body={t("noMatchBody")}
              action={<Button onClick={state.clear}>{t("search")}</Button>}
            />
          )
        }
      />
      <PersonSheet person={person} onClose={() => void setOpen(null)} />
    </>
  );
}

function useColumns(): readonly Column<Person>[] {
  const t = useTranslations("settings.people");
  const roleName = useTranslations("shell.roles");
  return useMemo(() => {
    const roles = (person: Person) => person.roles.map((role) => roleName(role)).join(", ") || t("noRoles");
    return [
      {
        id: "name",
        header: t("name"),
        value: (person) => person.name,
        cell: (person) => <UntrustedText text={person.name} inline />,
        primary: true,
        minWidth: 180,
      },
      {
        id: "email",
        header: t("email"),
        value: (person) => person.email,
        cell: (person) => <UntrustedText text={person.email ?? "–"} inline className="text-muted" />,
        minWidth: 180,
        hideOnSmall: true,
      },
      {
        id: "roles",
        header: t("roles"),
        value: roles,
        cell: (person) => (
          <span className={person.roles.length === 0 ? "truncate text-faint" : "truncate text-ink"}>
            {roles(person)}
          </span>
        ),
        minWidth: 160,
      },
      {
        id: "teams",
        header: t("teams"),
        value: (person) => person.teams.map(({ name }) => name).join(", "),
        cell: (person) =>
          person.teams.length === 0 ? null : (
            <UntrustedText text={person.teams.map(({ name }) => name).join(", ")} inline className="text-muted" />
          ),
        minWidth: 140,
        hideOnSmall: true,
      },
      {
        id: "status",
        header: t("status"),
        value: (person) => t(person.status),
        cell: (person) => (
          <StateChip plain tone={person.status === "active" ? "green" : "red"}>
            {t(person.status)}
          </StateChip>
        ),
        width: 120,
        hideOnSmall: true,
      },
    ];
  }, [t, roleName]);
}

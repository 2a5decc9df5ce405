"use client";
import type { Route } from "next";
import { useTranslations } from "use-intl";
import { NothingWaits } from "#components/home/nothing-waits.tsx";
import { TodoList } from "#components/home/todo-list.tsx";
import { ButtonLink } from "#components/ui/button.tsx";
import { ErrorState } from "#components/ui/error-state.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Section } from "#components/ui/section.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { Stat } from "#components/ui/stat.tsx";
import { useQueryFor } from "#lib/client/queries.ts";

const numbers = ["connectors", "grants", "calls", "denials"] as const;
const lists = {
  connectors: "/connectors",
  grants: "/access",
  calls: "/activity?types=calls",
  denials: "/activity?types=denials",
} as const;

/** What waits for the person, then the estate in four numbers. */
export function Home() {
  const t = useTranslations("home");
  const home = useQueryFor("home.get", {});
  const me = useQueryFor("people.me", {});
  const todos = home.data?.todos;
  return (
    <>
      <PageHeader title={t("title")} />
      <div className="flex flex-col gap-6">
        {me.data?.setupOpen ? (
          <Notice
            tone="amber"
            title={t("setupTitle")}
            action={<ButtonLink href={"/setup" as Route}>{t("setupAction")}</ButtonLink>}
          >
            {t("setupBody")}
          </Notice>
        ) : null}
        {me.data?.recovery ? (
          <Notice
            tone="red"
            title={t("recoveryTitle")}
            action={<ButtonLink href={"/settings" as Route}>{t("recoveryAction")}</ButtonLink>}
          >
            {me.data.recovery.usedBy === null
              ? t("recoveryMade")
              : t("recoveryUsed", { name: me.data.recovery.usedBy })}
          </Notice>
        ) : null}
        <Section
          title={t("waiting")}
          aside={todos && todos.length > 0 ? t("waitingCount", { count: todos.length }) : undefined}
          flush
        >
          {home.isError ? (
            <ErrorState onRetry={() => void home.refetch()} retrying={home.isFetching} />
          ) : todos === undefined ? (
            <Waiting />
          ) : todos.length === 0 ? (
            <NothingWaits roles={me.data?.roles ?? []} />
          ) : (
            <TodoList todos={todos} />
          )}
        </Section>
        <section aria-label={t("estate")} className="grid grid-cols-1 gap-3 sm:grid-cols-2 lg:grid-cols-4">
          {numbers.map((id) => (
            <Stat
              key={id}
              label={t(id)}
              note={t(`${id}Note`)}
              value={home.data?.[id].value ?? null}
              href={(home.data?.[id].href ?? lists[id]) as Route}
              {...(home.data ? { trend: home.data[id].last30Days } : {})}
            />
          ))}
        </section>
      </div>
    </>
  );
}

function Waiting() {
  return (
    <div className="flex flex-col divide-y">
      {[0, 1, 2, 3].map((row) => (
        <div key={row} className="flex h-14 items-center justify-between gap-4 px-4">
          <Skeleton className="h-4 w-1/2" />
          <Skeleton className="h-8 w-24" />
        </div>
      ))}
    </div>
  );
}

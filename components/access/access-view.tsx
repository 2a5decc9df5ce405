"use client";
import type { Route } from "next";
import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useTranslations } from "use-intl";
import { NotYours } from "#components/access/access-error.tsx";
import { AccessMatrix } from "#components/access/access-matrix.tsx";
import { useReadsAll } from "#components/access/may-read.ts";
import { AgentPicker, ConnectorPicker, ToolPicker } from "#components/access/pickers.tsx";
import { ReachTable } from "#components/access/reach-table.tsx";
import { SkeletonCard } from "#components/connectors/skeleton-card.tsx";
import { ButtonLink } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Field } from "#components/ui/field.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Select } from "#components/ui/select.tsx";
import { Tag } from "#components/ui/tag.tsx";
import { useQueryFor } from "#lib/client/queries.ts";

const kinds = ["connector", "agent", "tool"] as const;

/** Who can call what, now: a connector as a matrix, an agent or a tool as a list. What is looked at is in the URL. */
export function AccessView() {
  const t = useTranslations("access");
  const [{ by, id }, setLook] = useQueryStates({
    by: parseAsStringLiteral(kinds).withDefault("connector"),
    id: parseAsString,
  });
  const usually = by === "connector" && id === null;
  const readsAll = useReadsAll("access:explain");
  const mine = readsAll === true ? {} : { ownedByMe: "true" as const };
  const first = useQueryFor(
    "connectors.list",
    { ...mine, status: "enabled", sort: "name", limit: 1 },
    { enabled: usually && readsAll !== null },
  );
  const usual = first.data?.items[0]?.id ?? null;
  const chosen = id ?? (by === "connector" ? usual : null);
  const looked = useQueryFor(
    "connectors.get",
    { connectorId: chosen ?? "" },
    { enabled: by === "connector" && chosen !== null },
  );
  const choose = (next: string | null) => void setLook({ id: next });
  const requestGrant = (
    <ButtonLink href={"/requests/new?kind=grant" as Route} variant="primary">
      {t("requestGrant")}
    </ButtonLink>
  );
  return (
    <>
      <PageHeader
        title={t("title")}
        description={t("description")}
        state={<Tag>{t("asOf")}</Tag>}
        actions={<ButtonLink href={"/grants" as Route}>{t("grant.title")}</ButtonLink>}
      />
      <div className="mb-4 flex flex-wrap gap-3">
        <Field label={t("by.label")} className="w-40">
          <Select
            options={kinds.map((value) => ({ value, label: t(`by.${value}`) }))}
            value={by}
            onChange={(next) => void setLook({ by: next, id: null })}
          />
        </Field>
        <Field label={t(`by.${by}`)} className="min-w-56 max-w-md flex-1">
          {by === "connector" ? (
            <ConnectorPicker mine={mine} value={chosen} onChange={choose} />
          ) : by === "agent" ? (
            <AgentPicker value={chosen} onChange={choose} />
          ) : (
            <ToolPicker mine={mine} value={chosen} onChange={choose} />
          )}
        </Field>
      </div>
      {chosen === null && usually && first.isPending ? (
        <SkeletonCard />
      ) : chosen === null && usually && first.data && readsAll === false ? (
        <NotYours />
      ) : chosen === null ? (
        <EmptyState title={t("chooseTitle")} body={t("chooseBody")} />
      ) : by === "connector" ? (
        <AccessMatrix connectorId={chosen} connectorSlug={looked.data?.slug ?? chosen} />
      ) : by === "agent" ? (
        <ReachTable
          subject={{ agentId: chosen }}
          label={t("title")}
          prefix="reach-"
          empty={
            <EmptyState
              title={t("agentEmpty", { name: t("by.agent") })}
              body={t("agentEmptyBody")}
              action={requestGrant}
            />
          }
        />
      ) : (
        <ReachTable
          subject={{ toolId: chosen }}
          label={t("title")}
          prefix="reach-"
          empty={<EmptyState title={t("toolEmpty")} body={t("toolEmptyBody")} action={requestGrant} />}
        />
      )}
    </>
  );
}

"use client";
import Trash from "lucide-react/icons/trash-2";
import { useMemo } from "react";
import { useTranslations } from "use-intl";
import { DueTime } from "#components/requests/due-time.tsx";
import { Discard } from "#components/requests/request-acts.tsx";
import { requestTone } from "#components/requests/request-words.ts";
import { StageProgress } from "#components/requests/stage-progress.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { StateChip } from "#components/ui/state-chip.tsx";
import type { Column } from "#components/ui/table-column.ts";
import { UntrustedText } from "#components/ui/untrusted-text.tsx";
import type { Request } from "#lib/contract/requests.ts";

/** Columns of the table of requests; one's own list leaves the requester out. */
export function useRequestColumns(withRequester: boolean): Column<Request>[] {
  const t = useTranslations("requests");
  return useMemo(() => {
    const columns: Column<Request>[] = [
      {
        id: "title",
        header: t("column.title"),
        value: (row) => row.title,
        cell: (row) => <UntrustedText text={row.title} inline />,
        primary: true,
        minWidth: 118,
      },
      {
        id: "state",
        header: t("column.state"),
        value: (row) => t(`state.${row.state}`),
        cell: (row) => (
          <StateChip plain tone={requestTone[row.state]}>
            {t(`state.${row.state}`)}
          </StateChip>
        ),
        width: 142,
      },
      { id: "kind", header: t("column.kind"), value: (row) => t(`kind.${row.kind}`), width: 96, hideOnSmall: true },
      {
        id: "connector",
        header: t("column.connector"),
        value: (row) => row.connectorSlug,
        cell: (row) => (row.connectorSlug === null ? null : <UntrustedText text={row.connectorSlug} inline />),
        width: 124,
        hideOnSmall: true,
      },
      {
        id: "tier",
        header: t("column.tier"),
        value: (row) => (row.tier === null ? null : t(`tier.${row.tier}`)),
        cell: (row) =>
          row.tier === null ? null : (
            <span className={row.tier === "high" ? "font-medium text-ink" : undefined}>{t(`tier.${row.tier}`)}</span>
          ),
        width: 78,
        hideOnSmall: true,
      },
      {
        id: "stages",
        header: t("column.stages"),
        value: (row) =>
          row.stages
            .map(({ kind, counted, quorum }) => t("stageCount", { stage: t(`stage.${kind}`), counted, quorum }))
            .join("; "),
        cell: (row) => <StageProgress stages={row.stages} />,
        width: 166,
        hideOnSmall: true,
      },
      {
        id: "due",
        header: t("column.due"),
        value: (row) => row.dueAt,
        cell: (row) => <DueTime request={row} />,
        width: 98,
      },
      {
        id: "age",
        header: t("column.age"),
        value: (row) => row.submittedAt ?? row.createdAt,
        cell: (row) => <RelativeTime focusable={false} value={row.submittedAt ?? row.createdAt} />,
        width: 128,
        hideOnSmall: true,
      },
    ];
    if (withRequester) {
      columns.push({
        id: "requester",
        header: t("column.requester"),
        value: (row) => row.requester.name,
        width: 116,
        hideOnSmall: true,
      });
    } else {
      columns.push({
        id: "acts",
        header: t("column.acts"),
        value: () => null,
        cell: (row) =>
          row.state === "draft" ? (
            <Discard
              requestId={row.id}
              trigger={
                <IconButton label={t("discardNamed", { title: row.title })} icon={<Trash size={14} aria-hidden />} />
              }
            />
          ) : null,
        width: 84,
        hideOnSmall: true,
      });
    }
    return columns;
  }, [t, withRequester]);
}

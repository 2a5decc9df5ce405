"use client";
import { useTranslations } from "use-intl";
import { changeTone } from "#components/settings/change-tone.ts";
import { DecideChange } from "#components/settings/decide-change.tsx";
import { useMay } from "#components/settings/may.ts";
import { tierDiff } from "#components/settings/tier-diff.ts";
import { Sheet } from "#components/ui/dialog.tsx";
import { DiffView } from "#components/ui/diff-view.tsx";
import { Facts } from "#components/ui/facts.tsx";
import { type Json, JsonView } from "#components/ui/json-view.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { SkeletonText } from "#components/ui/skeleton.tsx";
import { StateChip } from "#components/ui/state-chip.tsx";
import { UntrustedText } from "#components/ui/untrusted-text.tsx";
import { useQueryFor } from "#lib/client/queries.ts";
import type { Change } from "#lib/contract/changes.ts";
import { TierSettings } from "#lib/contract/settings.ts";

type ChangeSheetProps = {
  changeId: string | null;
  /** What the list shows now; a change that was just decided may have left it. */
  rows: readonly Change[] | undefined;
  onClose: () => void;
};

/** One change: exactly what will be carried out, why, and the decision. */
export function ChangeSheet({ changeId, rows, onClose }: ChangeSheetProps) {
  const t = useTranslations("settings.changes");
  const listed = rows?.find(({ id }) => id === changeId);
  const everything = useQueryFor("changes.list", { limit: 200 }, { enabled: changeId !== null && !listed });
  const change = listed ?? everything.data?.items.find(({ id }) => id === changeId);
  return (
    <Sheet
      open={changeId !== null}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      className="w-[min(40rem,calc(100vw-2rem))]!"
      title={change ? <UntrustedText text={change.summary} /> : t("title")}
    >
      {change ? (
        <ChangeDetail change={change} />
      ) : everything.isLoading || rows === undefined ? (
        <SkeletonText lines={8} />
      ) : (
        <p className="text-muted text-sm">{t("gone")}</p>
      )}
    </Sheet>
  );
}

function ChangeDetail({ change }: { change: Change }) {
  const t = useTranslations("settings.changes");
  return (
    <div className="flex flex-col gap-5">
      <Facts
        facts={[
          {
            id: "state",
            term: t("state"),
            value: (
              <StateChip plain tone={changeTone[change.state]}>
                {t(`states.${change.state}`)}
              </StateChip>
            ),
          },
          {
            id: "proposedBy",
            term: t("proposedBy"),
            value: <UntrustedText text={change.proposedBy.name} inline />,
            note: <RelativeTime value={change.createdAt} focusable={false} />,
          },
          { id: "reason", term: t("reasonOf"), value: <UntrustedText text={change.reason} /> },
          ...(change.decidedBy === null
            ? [{ id: "until", term: t("until"), value: <RelativeTime value={change.expiresAt} focusable={false} /> }]
            : [
                {
                  id: "decidedBy",
                  term: t("decidedBy"),
                  value: <UntrustedText text={change.decidedBy.name} inline />,
                  note: change.decidedAt === null ? undefined : <RelativeTime value={change.decidedAt} />,
                },
                {
                  id: "decision",
                  term: t("decision"),
                  value: <UntrustedText text={change.decisionReason ?? ""} />,
                },
              ]),
          { id: "operation", term: t("operation"), value: <span className="font-mono">{change.operation}</span> },
          { id: "subject", term: t("subject"), value: <UntrustedText text={change.subjectId} mono /> },
        ]}
      />
      {change.operation === "tiers.update" && change.state === "proposed" ? <TierChange change={change} /> : null}
      <JsonView value={change.input as Json} label={t("input")} openDepth={3} />
      {change.state === "proposed" ? <DecideChange key={change.id} change={change} /> : null}
    </div>
  );
}

function TierChange({ change }: { change: Change }) {
  const t = useTranslations("settings.changes");
  const may = useMay();
  const now = useQueryFor("tiers.get", {}, { enabled: may("setting:read") });
  const wanted = TierSettings.safeParse(change.input.settings);
  if (!now.data || !wanted.success) return null;
  return (
    <section aria-label={t("diff")} className="flex flex-col gap-2">
      <h3 className="font-medium text-ink text-sm">{t("diff")}</h3>
      <DiffView label={t("diff")} changes={tierDiff(now.data.settings, wanted.data)} />
    </section>
  );
}

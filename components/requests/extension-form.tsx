"use client";
import { useTranslations } from "use-intl";
import type { DraftForm } from "#components/requests/draft-form.ts";
import { DraftFrame } from "#components/requests/draft-frame.tsx";
import { useDraftPreview } from "#components/requests/draft-preview.ts";
import { type SavedDraft, useDraft } from "#components/requests/draft-state.ts";
import { DurationField } from "#components/requests/duration-field.tsx";
import { PurposeField } from "#components/requests/purpose-field.tsx";
import { ErrorState } from "#components/ui/error-state.tsx";
import { Facts } from "#components/ui/facts.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { Section } from "#components/ui/section.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { UntrustedText } from "#components/ui/untrusted-text.tsx";
import { useQueryFor } from "#lib/client/queries.ts";

type ExtensionFormProps = { initial: SavedDraft<"extension"> | null; start: DraftForm<"extension">; isAgain: boolean };

/** Asking for the same scope for longer. */
export function ExtensionForm({ initial, start, isAgain }: ExtensionFormProps) {
  const t = useTranslations("requests");
  const draft = useDraft("extension", initial, start);
  const { form, change } = draft;
  const preview = useDraftPreview(draft);
  const grant = useQueryFor("grants.get", { grantId: form.grantId ?? "" }, { enabled: form.grantId !== undefined });
  return (
    <DraftFrame kind="extension" draft={draft} preview={preview} isAgain={isAgain}>
      <Section title={t("form.grant.current")}>
        {grant.data ? (
          <Facts
            facts={[
              { id: "who", term: t("form.grant.who"), value: grant.data.principal.name },
              { id: "connector", term: t("form.grant.connector"), value: grant.data.connectorSlug },
              {
                id: "scope",
                term: t("review.scope"),
                value: grant.data.sentences.map((sentence) => <UntrustedText key={sentence} text={sentence} />),
              },
              { id: "until", term: t("form.grant.runsUntil"), value: <RelativeTime value={grant.data.expiresAt} /> },
            ]}
          />
        ) : grant.error || form.grantId === undefined ? (
          <ErrorState title={t("form.grant.loadFailed")} onRetry={() => void grant.refetch()} />
        ) : (
          <Skeleton className="h-24 w-full" />
        )}
      </Section>
      <Section title={t("form.purpose.duration")}>
        <div className="flex flex-col gap-5">
          <DurationField
            value={form.durationDays}
            onChange={(durationDays) => change({ durationDays })}
            error={preview.problemAt("durationDays")}
          />
          <PurposeField
            value={form.purpose}
            onChange={(purpose) => change({ purpose })}
            error={preview.problemAt("purpose")}
          />
        </div>
      </Section>
    </DraftFrame>
  );
}

"use client";
import type { Route } from "next";
import Link from "next/link";
import { useTranslations } from "use-intl";
import { namesOf } from "#components/requests/decision-panel.tsx";
import type { DraftPreview } from "#components/requests/draft-preview.ts";
import { TierReasons } from "#components/requests/tier-reasons.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { Section } from "#components/ui/section.tsx";
import { Spinner } from "#components/ui/spinner.tsx";
import { Stages } from "#components/ui/stages.tsx";
import { UntrustedText } from "#components/ui/untrusted-text.tsx";
import type { Preview } from "#lib/contract/requests.ts";

/** What happens after submitting: the tier and why, who decides and by when, what is missing, what may be there already. */
export function PreviewPanel({ state }: { state: DraftPreview }) {
  const t = useTranslations("requests.form.next");
  const s = useTranslations("requests.form.submit");
  const { preview, problems, isUpdating } = state;
  // What a stage lacks is said at the stage.
  const missing = problems.filter(({ message }) => !preview?.stages.some(({ shortage }) => shortage === message));
  return (
    <Section title={t("title")} aside={isUpdating && preview ? <Spinner /> : undefined}>
      <div className="flex flex-col gap-4 text-sm">
        {preview?.tier ? (
          <TierReasons tier={preview.tier} why={preview.why} />
        ) : (
          <p className="text-muted">{t("empty")}</p>
        )}
        {preview && preview.stages.length > 0 ? <PreviewStages stages={preview.stages} /> : null}
        {preview?.stages.some(({ kind, shortage }) => shortage !== null && kind !== "owner") ? (
          <Notice tone="amber" title={t("shortTitle")}>
            {t("shortBody")}
          </Notice>
        ) : null}
        {preview?.tier && preview.grantMaxDays !== null ? (
          <p className="text-muted">{t("grantMax", { count: preview.grantMaxDays })}</p>
        ) : null}
        {preview && preview.duplicates.length > 0 ? (
          <Notice tone="amber" title={t("duplicates")}>
            <ul className="flex flex-col gap-1">
              {preview.duplicates.map(({ id, name, why }) => (
                <li key={id}>
                  <Link className="font-medium underline" href={`/connectors/${id}` as Route}>
                    {name}
                  </Link>{" "}
                  <UntrustedText text={why} />
                </li>
              ))}
            </ul>
          </Notice>
        ) : null}
        {preview === undefined ? null : problems.length === 0 ? (
          <p className="text-green">{s("ready")}</p>
        ) : missing.length === 0 ? null : (
          <div>
            <p className="text-faint">{t("missing")}</p>
            <ul className="list-disc pl-4 text-ink">
              {missing.map(({ path, message }) => (
                <li key={`${path} ${message}`}>{message}</li>
              ))}
            </ul>
          </div>
        )}
      </div>
    </Section>
  );
}

function PreviewStages({ stages }: { stages: Preview["stages"] }) {
  const t = useTranslations("requests");
  return (
    <Stages
      label={t("form.next.title")}
      stages={stages.map(({ kind, quorum, after, dueAt, eligible, shortage }) => ({
        id: kind,
        label: t("form.next.stage", { stage: t(`stage.${kind}`), quorum }),
        state: shortage === null ? "waiting" : "failed",
        detail: (
          <>
            {shortage === null ? namesOf(eligible, t) : <span className="text-red">{shortage}</span>}
            <span className="block">
              {after.length > 0
                ? `${t("form.next.after", { stages: after.map((other) => t(`stage.${other}`)).join(", ") })}, `
                : null}
              {t("form.next.until")} <RelativeTime value={dueAt} />
            </span>
          </>
        ),
      }))}
    />
  );
}

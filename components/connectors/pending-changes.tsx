"use client";
import type { Route } from "next";
import { useTranslations } from "use-intl";
import { ButtonLink } from "#components/ui/button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { UntrustedText } from "#components/ui/untrusted-text.tsx";
import { useQueryFor } from "#lib/client/queries.ts";

/** What is proposed for a thing and waits for a second person, with where to confirm it. Nothing for those who may not see changes. */
export function PendingChanges({ subjectIds }: { subjectIds: readonly string[] }) {
  const t = useTranslations("inventory.act");
  const { data } = useQueryFor("changes.list", { state: "proposed", limit: 200 });
  const pending = data?.items.filter((change) => subjectIds.includes(change.subjectId)) ?? [];
  if (pending.length === 0) return null;
  return (
    <div className="mb-4 flex flex-col gap-2">
      {pending.map((change) => (
        <Notice
          key={change.id}
          tone="amber"
          title={t("pendingTitle")}
          action={<ButtonLink href={"/settings?tab=changes" as Route}>{t("openChanges")}</ButtonLink>}
        >
          <UntrustedText text={t("pendingBody", { summary: change.summary, name: change.proposedBy.name })} />
        </Notice>
      ))}
    </div>
  );
}

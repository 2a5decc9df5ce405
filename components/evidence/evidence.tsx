"use client";
import { useTranslations } from "use-intl";
import { ExportPack } from "#components/evidence/export-pack.tsx";
import { LogState } from "#components/evidence/log-state.tsx";
import { PackList } from "#components/evidence/pack-list.tsx";
import { VerifyPack } from "#components/evidence/verify-pack.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { SplitPage } from "#components/ui/split-page.tsx";
import { useQueryFor } from "#lib/client/queries.ts";

/** Export a period, find its packs, hand over the key, verify a pack. */
export function Evidence() {
  const t = useTranslations("evidence");
  const me = useQueryFor("people.me", {});
  const isAuditor = me.data?.roles.includes("auditor") === true;
  return (
    <>
      <PageHeader title={t("title")} description={t("description")} />
      {me.isPending ? (
        <div className="flex flex-col gap-4">
          <Skeleton className="h-40 w-full" />
          <Skeleton className="h-72 w-full" />
        </div>
      ) : isAuditor ? (
        <SplitPage
          asideLabel={t("log.title")}
          aside={
            <>
              <ExportPack />
              <LogState />
            </>
          }
        >
          <PackList />
          <VerifyPack />
        </SplitPage>
      ) : (
        <div className="flex flex-col gap-4">
          <Notice title={t("readOnly")}>{t("forAuditors")}</Notice>
          <VerifyPack />
        </div>
      )}
    </>
  );
}

"use client";
import type { Route } from "next";
import { useRouter } from "next/navigation";
import { useTranslations } from "use-intl";
import { toast } from "#components/ui/toast.tsx";

/** Says what an act did: `done`, or, for one that needs two persons, that a second one has to confirm and where. */
export function useSayDone(): (result: object, done?: string) => void {
  const t = useTranslations("inventory.act");
  const router = useRouter();
  return (result, done) => {
    if (!("changeId" in result)) {
      if (done) toast({ title: done });
      return;
    }
    toast({
      title: t("proposed"),
      ...("summary" in result && typeof result.summary === "string" ? { detail: result.summary } : {}),
      action: { label: t("openChanges"), onSelect: () => router.push("/settings?tab=changes" as Route) },
    });
  };
}

"use client";
import { useTranslations } from "use-intl";
import { Notice } from "#components/ui/notice.tsx";
import { SkeletonText } from "#components/ui/skeleton.tsx";
import { useQueryFor } from "#lib/client/queries.ts";

/** In place of settings that this person may not read: who does. */
export function OthersRead() {
  const t = useTranslations("settings.hidden");
  const me = useQueryFor("people.me", {});
  if (me.isPending) return <SkeletonText lines={6} />;
  return <Notice title={t("title", { who: t("administratorsAndAuditors") })}>{t("settings")}</Notice>;
}

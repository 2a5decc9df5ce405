"use client";
import Check from "lucide-react/icons/check";
import { useTranslations } from "use-intl";
import type { Request } from "#lib/contract/requests.ts";

/** Where each stage stands, in one line: "Security 1 of 2 · Owner ✓". */
export function StageProgress({ stages }: { stages: Request["stages"] }) {
  const t = useTranslations("requests");
  return (
    <span className="flex min-w-0 items-center gap-2.5 overflow-hidden">
      {stages.map(({ kind, quorum, counted, open, satisfied }) => (
        <span
          key={kind}
          title={t("stageCount", { stage: t(`stage.${kind}`), counted, quorum })}
          className={`inline-flex items-center gap-1 whitespace-nowrap ${satisfied ? "text-green" : open ? "text-ink" : "text-faint"}`}
        >
          {t(`stage.${kind}`)}
          {satisfied ? <Check size={13} aria-label={t("state.approved")} /> : <span>{`${counted}/${quorum}`}</span>}
        </span>
      ))}
    </span>
  );
}

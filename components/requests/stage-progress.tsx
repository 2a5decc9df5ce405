"use client";
import Check from "lucide-react/icons/check";
import { useTranslations } from "use-intl";
import type { Request } from "#lib/contract/requests.ts";

/** Where the stages stand, in one line: a mark for each approval that is needed, filled once it counts, and the stage that is next. */
export function StageProgress({ stages }: { stages: Request["stages"] }) {
  const t = useTranslations("requests");
  if (stages.length === 0) return null;
  const next = stages.find(({ open, satisfied }) => open && !satisfied);
  const inWords = stages
    .map(({ kind, counted, quorum }) => t("stageCount", { stage: t(`stage.${kind}`), counted, quorum }))
    .join("; ");
  return (
    <span title={inWords} className="flex min-w-0 items-center gap-2">
      <span className="sr-only">{inWords}</span>
      <span aria-hidden className="flex shrink-0 items-center gap-1.5">
        {stages.map(({ kind, quorum, counted, satisfied }) => (
          <span key={kind} className="flex gap-0.5">
            {Array.from({ length: quorum }, (_, place) => (
              <span
                // biome-ignore lint/suspicious/noArrayIndexKey: marks have no identity but their place
                key={place}
                className={`size-2 rounded-full border ${place < counted || satisfied ? "border-green bg-green" : "border-control"}`}
              />
            ))}
          </span>
        ))}
      </span>
      <span aria-hidden className="truncate">
        {next ? t(`stage.${next.kind}`) : <Check size={13} className="text-green" />}
      </span>
    </span>
  );
}

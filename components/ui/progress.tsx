"use client";
import { Progress as Base } from "@base-ui/react/progress";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";

/** How far something is, with the count and, when known, the remaining time. `total` null: not known yet. */
export function Progress(props: {
  label: ReactNode;
  done: number;
  total: number | null;
  remainingSeconds?: number | null;
}) {
  const t = useTranslations("ui");
  const seconds = props.remainingSeconds;
  return (
    <Base.Root
      value={props.total === null ? null : Math.min(props.done, props.total)}
      max={props.total ?? 100}
      className="flex flex-col gap-1.5 text-sm"
    >
      <span className="flex items-baseline justify-between gap-4">
        <Base.Label className="text-ink">{props.label}</Base.Label>
        <span className="text-faint">
          {props.total === null ? null : t("progress", { done: props.done, total: props.total })}
          {seconds === undefined || seconds === null ? null : (
            <>
              {" "}
              ·{" "}
              {seconds > 90
                ? t("remainingMinutes", { minutes: Math.round(seconds / 60) })
                : t("remaining", { seconds: Math.round(seconds) })}
            </>
          )}
        </span>
      </span>
      <Base.Track className="h-1.5 overflow-hidden rounded-full bg-pressed">
        <Base.Indicator className="h-full rounded-full bg-accent transition-[width] data-indeterminate:w-1/3 data-indeterminate:animate-pulse" />
      </Base.Track>
    </Base.Root>
  );
}

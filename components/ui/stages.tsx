"use client";
import Check from "lucide-react/icons/check";
import Circle from "lucide-react/icons/circle";
import CircleDot from "lucide-react/icons/circle-dot";
import CircleSlash from "lucide-react/icons/circle-slash";
import X from "lucide-react/icons/x";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";

/** One step on the way and where it stands. */
export type Stage = {
  id: string;
  label: ReactNode;
  state: "done" | "current" | "waiting" | "failed" | "skipped";
  detail?: ReactNode;
};

const look = {
  done: { Icon: Check, text: "text-green" },
  current: { Icon: CircleDot, text: "text-blue" },
  waiting: { Icon: Circle, text: "text-faint" },
  failed: { Icon: X, text: "text-red" },
  skipped: { Icon: CircleSlash, text: "text-grey" },
} as const;

/** Steps in order, each with its state in words. `across` sets them side by side from 640 px. */
export function Stages({ label, stages, across }: { label: string; stages: readonly Stage[]; across?: boolean }) {
  const t = useTranslations("ui.stage");
  return (
    <ol
      aria-label={label}
      className={across ? "flex flex-col gap-2 sm:flex-row sm:flex-wrap sm:gap-x-6" : "flex flex-col gap-2"}
    >
      {stages.map((stage) => {
        const { Icon, text } = look[stage.state];
        return (
          <li
            key={stage.id}
            aria-current={stage.state === "current" ? "step" : undefined}
            className="flex min-w-0 items-start gap-2 text-sm"
          >
            <Icon size={15} aria-hidden className={`mt-0.5 shrink-0 ${text}`} />
            <span className="min-w-0">
              <span className={stage.state === "current" ? "font-medium text-ink" : "text-ink"}>{stage.label}</span>{" "}
              <span className={text}>{t(stage.state)}</span>
              {stage.detail ? <span className="block text-faint">{stage.detail}</span> : null}
            </span>
          </li>
        );
      })}
    </ol>
  );
}

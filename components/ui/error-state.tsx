"use client";
import CircleAlert from "lucide-react/icons/circle-alert";
import RotateCcw from "lucide-react/icons/rotate-ccw";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import { Button } from "#components/ui/button.tsx";

type ErrorStateProps = {
  /** What happened; default: this could not be loaded. */
  title?: string;
  /** What was kept and what to do. */
  body?: ReactNode;
  onRetry?: () => void;
  retrying?: boolean;
  action?: ReactNode;
};

/** Something failed: what happened, what was kept, how to go on. */
export function ErrorState({ title, body, onRetry, retrying, action }: ErrorStateProps) {
  const t = useTranslations();
  return (
    <div role="alert" className="flex flex-col items-center gap-1 px-6 py-12 text-center">
      <CircleAlert size={20} aria-hidden className="mb-2 text-red" />
      <p className="font-medium text-base text-ink">{title ?? t("errors.loadTitle")}</p>
      <p className="max-w-md text-balance text-muted text-sm">{body ?? t("errors.loadBody")}</p>
      <div className="mt-3 flex flex-wrap justify-center gap-2">
        {onRetry ? (
          <Button onClick={onRetry} loading={retrying ?? false} icon={<RotateCcw size={14} aria-hidden />}>
            {t("ui.retry")}
          </Button>
        ) : null}
        {action}
      </div>
    </div>
  );
}

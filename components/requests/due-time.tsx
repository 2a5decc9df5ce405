"use client";
import Clock from "lucide-react/icons/clock";
import { useTranslations } from "use-intl";
import { isOpen } from "#components/requests/request-words.ts";
import { useNow } from "#components/ui/now.ts";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import type { Request } from "#lib/contract/requests.ts";

const nearMs = 24 * 3_600_000;

/** When a request is due: amber in its last day, red and in words once over. Nothing for what is decided. */
export function DueTime({
  request,
  focusable = false,
}: {
  request: Pick<Request, "dueAt" | "state">;
  focusable?: boolean;
}) {
  const t = useTranslations("requests");
  const now = useNow();
  if (request.dueAt === null || !isOpen(request.state)) return null;
  const left = Date.parse(request.dueAt) - now;
  const tone = left < 0 ? "text-red" : left < nearMs ? "text-amber" : "text-muted";
  return (
    <span className={`inline-flex items-center gap-1 whitespace-nowrap ${tone}`} suppressHydrationWarning>
      {left < nearMs ? <Clock size={13} aria-hidden className="shrink-0" /> : null}
      {left < 0 ? <span className="sr-only">{t("dueOver")} </span> : null}
      <RelativeTime value={request.dueAt} focusable={focusable} />
    </span>
  );
}

"use client";
import { useTranslations } from "use-intl";
import type { DecisionInTheMaking } from "#components/requests/decision-state.ts";
import { approvalsOf, type SaidOf, termsInTheMaking, together } from "#components/requests/review-terms.ts";
import { ToolNames } from "#components/requests/tool-names.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { useNow } from "#components/ui/now.ts";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import type { RequestDetail } from "#lib/contract/requests.ts";

/**
 * What the approvals allow together: those that count, and with `making` one's own as it would be recorded now. Every approval
 * narrows, so whoever decides later sees what is left before deciding.
 */
export function CombinedResult({ request, making }: { request: RequestDetail; making: DecisionInTheMaking | null }) {
  const t = useTranslations("requests.review.together");
  const now = useNow();
  const others = approvalsOf(request).length;
  if (others === 0 && making === null) return null;
  const own = making === null ? null : { by: t("you"), terms: termsInTheMaking(making) };
  const { disagreement, chosen, total, leftOut, held, agents, endsAt } = together(request, now, own);
  const title =
    request.state === "approved"
      ? t("approved")
      : making === null
        ? t("soFar", { others })
        : t("withYours", { others });
  if (disagreement !== null) {
    return (
      <Notice tone="red" title={t("nothing")}>
        {t(`disagreement.${disagreement}`)}
      </Notice>
    );
  }
  return (
    <section aria-label={title} className="rounded-md border bg-subtle px-3 py-2 text-sm">
      <p className="font-medium text-ink">{title}</p>
      <ul className="mt-1 flex flex-col gap-1 text-muted">
        {total > 0 ? <li className="text-ink">{t("tools", { chosen, total })}</li> : null}
        <Said tools={leftOut} word={(by) => t("leftOut", { by })} />
        <Said tools={held} word={(by) => t("held", { by })} />
        {agents === null ? null : <li>{t("agents", { names: agents.join(", ") })}</li>}
        <li>
          {endsAt !== null ? (
            <>
              {t("ends")} <RelativeTime value={endsAt} />
            </>
          ) : request.grantMaxDays === null ? null : (
            t("endsByTier", { count: request.grantMaxDays })
          )}
        </li>
      </ul>
    </section>
  );
}

/** One line for each group of people who said it of the same tools. */
function Said({ tools, word }: { tools: readonly SaidOf[]; word: (by: string) => string }) {
  const groups = new Map<string, string[]>();
  for (const { name, by } of tools) groups.set(by.join(", "), [...(groups.get(by.join(", ")) ?? []), name]);
  return [...groups].map(([by, names]) => (
    <li key={by}>
      {word(by)} <ToolNames names={names} />
    </li>
  ));
}

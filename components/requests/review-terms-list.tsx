"use client";
import { useTranslations } from "use-intl";
import { askedNames, leftOutBy } from "#components/requests/review-terms.ts";
import { ToolNames } from "#components/requests/tool-names.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import type { RequestDetail, Review } from "#lib/contract/requests.ts";

/** The terms of one approval, each in a line: what it leaves out, holds, allows only, and when it ends. Nothing where it approves all as asked. */
export function ReviewTerms({ request, review }: { request: RequestDetail; review: Review }) {
  const t = useTranslations("requests.review.timeline");
  const { holdTools, agentIds, expiresAt } = review.conditions;
  // What an earlier round asked for is not what is asked for now.
  const leftOut = review.current ? leftOutBy(review, askedNames(request)) : [];
  const agents = request.agents.filter(({ id }) => agentIds?.includes(id)).map(({ name }) => name);
  return (
    <ul className="mt-1 flex flex-col gap-0.5 border-l-2 pl-3 empty:hidden">
      {leftOut.length > 0 ? (
        <li>
          {t("leftOut")} <ToolNames names={leftOut} />
        </li>
      ) : null}
      {holdTools.length > 0 ? (
        <li>
          {t("held")} <ToolNames names={holdTools} />
        </li>
      ) : null}
      {agentIds === null ? null : <li>{t("agents", { names: agents.join(", ") })}</li>}
      {expiresAt === null ? null : (
        <li>
          {t("ends")} <RelativeTime value={expiresAt} />
        </li>
      )}
    </ul>
  );
}

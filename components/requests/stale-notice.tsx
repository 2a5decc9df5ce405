"use client";
import { useTranslations } from "use-intl";
import type { Seen } from "#components/requests/review.tsx";
import { ChangeGroups } from "#components/requests/review-changes.tsx";
import { Button } from "#components/ui/button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { useQueryFor } from "#lib/client/queries.ts";
import type { RequestDetail } from "#lib/contract/requests.ts";

/** What was seen is no longer what is proposed: says so, shows the difference, and waits for the person to look. */
export function StaleNotice({
  request,
  seen,
  onShowNew,
}: {
  request: RequestDetail;
  seen: Seen;
  onShowNew: () => void;
}) {
  const t = useTranslations("requests.review.decision");
  const connectorId = request.connectorId;
  const versionId = request.version?.id;
  const canCompare =
    connectorId !== null && versionId !== undefined && seen.versionId !== null && seen.versionId !== versionId;
  const version = useQueryFor(
    "connectors.version",
    { connectorId: connectorId ?? "", versionId: versionId ?? "", against: seen.versionId ?? undefined },
    { enabled: canCompare },
  );
  return (
    <div className="flex flex-col gap-3">
      <Notice
        tone="amber"
        urgent
        title={t("staleTitle")}
        action={
          <Button variant="primary" onClick={onShowNew}>
            {t("staleShow")}
          </Button>
        }
      >
        {t("staleBody")}
      </Notice>
      {canCompare && version.isPending ? <Skeleton className="h-16 w-full" /> : null}
      {version.data ? (
        <div className="flex flex-col gap-2">
          <h3 className="font-medium text-ink text-sm">{t("staleDiff")}</h3>
          <ChangeGroups changes={version.data.diff} />
        </div>
      ) : null}
    </div>
  );
}

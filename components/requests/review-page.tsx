"use client";
import type { Route } from "next";
import { useTranslations } from "use-intl";
import { Review } from "#components/requests/review.tsx";
import { ReviewSkeleton } from "#components/requests/review-skeleton.tsx";
import { ButtonLink } from "#components/ui/button.tsx";
import { ErrorState } from "#components/ui/error-state.tsx";
import { useQueryFor } from "#lib/client/queries.ts";

const refreshMs = 15_000;

/** One request: its facts, its conversation and, for those who may, its decision. */
export function ReviewPage({ requestId }: { requestId: string }) {
  const t = useTranslations("requests.failure");
  const request = useQueryFor("requests.get", { requestId }, { refetchInterval: refreshMs });
  if (request.data) return <Review request={request.data} reload={async () => (await request.refetch()).data} />;
  if (!request.error) return <ReviewSkeleton />;
  const isMissing = request.error.code === "not_found";
  return (
    <ErrorState
      title={isMissing ? t("missingTitle") : t("loadTitle")}
      body={isMissing ? t("missingBody") : undefined}
      {...(isMissing ? {} : { onRetry: () => void request.refetch() })}
      retrying={request.isRefetching}
      action={<ButtonLink href={"/requests" as Route}>{t("toList")}</ButtonLink>}
    />
  );
}

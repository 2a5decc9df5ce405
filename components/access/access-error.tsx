"use client";
import type { Route } from "next";
import { useTranslations } from "use-intl";
import { ButtonLink } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { ErrorState } from "#components/ui/error-state.tsx";
import type { ApiError } from "#lib/client/call.ts";

/** Why access cannot be shown: to those who own neither side it is not said. */
export function AccessError({ error, onRetry }: { error: ApiError; onRetry: () => void }) {
  const t = useTranslations("access");
  if (error.code === "not_found") {
    return (
      <EmptyState
        title={t("notYours")}
        body={t("notYoursBody")}
        action={<ButtonLink href={"/access?by=agent" as Route}>{t("lookAtAgents")}</ButtonLink>}
      />
    );
  }
  return <ErrorState body={error.message} onRetry={onRetry} />;
}

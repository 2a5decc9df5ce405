"use client";
import type { Route } from "next";
import { useTranslations } from "use-intl";
import { ButtonLink } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { ErrorState } from "#components/ui/error-state.tsx";
import type { ApiError } from "#lib/client/call.ts";

/** Why access cannot be shown: to those who own neither side it is not said. */
export function AccessError({ error, onRetry }: { error: ApiError; onRetry: () => void }) {
  if (error.code === "not_found") return <NotYours />;
  return <ErrorState body={error.message} onRetry={onRetry} />;
}

/** Who may look at access, for somebody who may not here, and what they can look at. */
export function NotYours() {
  const t = useTranslations("access");
  return (
    <EmptyState
      title={t("notYours")}
      body={t("notYoursBody")}
      action={<ButtonLink href={"/access?by=agent" as Route}>{t("lookAtAgents")}</ButtonLink>}
    />
  );
}

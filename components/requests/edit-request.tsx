"use client";
import type { Route } from "next";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { ConnectorForm } from "#components/requests/connector-form.tsx";
import { readDraft } from "#components/requests/draft-form.ts";
import { ExtensionForm } from "#components/requests/extension-form.tsx";
import { GrantForm } from "#components/requests/grant-form.tsx";
import { ReviewSkeleton } from "#components/requests/review-skeleton.tsx";
import { VersionForm } from "#components/requests/version-form.tsx";
import { ButtonLink } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { ErrorState } from "#components/ui/error-state.tsx";
import { useQueryFor } from "#lib/client/queries.ts";
import type { RequestDetail } from "#lib/contract/requests.ts";

/** A draft, or a request whose changes were asked for, as a form. */
export function EditRequest({ requestId }: { requestId: string }) {
  const t = useTranslations("requests");
  const request = useQueryFor("requests.get", { requestId });
  // The form starts from the newest state and is its own truth from then on.
  const [start, setStart] = useState<RequestDetail | null>(null);
  if (start === null && request.data && !request.isFetching) setStart(request.data);
  if (start === null) {
    if (!request.error) return <ReviewSkeleton />;
    const isMissing = request.error.code === "not_found";
    return (
      <ErrorState
        title={isMissing ? t("failure.missingTitle") : t("failure.loadTitle")}
        body={isMissing ? t("failure.missingBody") : undefined}
        onRetry={() => void request.refetch()}
        action={<ButtonLink href={"/requests" as Route}>{t("failure.toList")}</ButtonLink>}
      />
    );
  }
  if (!start.may.includes("edit")) {
    return (
      <EmptyState
        title={t("form.notEditable")}
        body={t("form.notEditableBody")}
        action={<ButtonLink href={`/requests/${start.id}` as Route}>{t("form.openRequest")}</ButtonLink>}
      />
    );
  }
  return <Form request={start} />;
}

function Form({ request }: { request: RequestDetail }) {
  const { id, rowVersion, kind, form } = request;
  const isAgain = request.state !== "draft";
  const none = { start: {}, isAgain };
  switch (kind) {
    case "connector":
      return <ConnectorForm initial={{ id, rowVersion, form: readDraft(kind, form) }} isAgain={isAgain} />;
    case "version":
      return <VersionForm initial={{ id, rowVersion, form: readDraft(kind, form) }} {...none} />;
    case "grant":
      return <GrantForm initial={{ id, rowVersion, form: readDraft(kind, form) }} {...none} />;
    case "extension":
      return <ExtensionForm initial={{ id, rowVersion, form: readDraft(kind, form) }} {...none} />;
  }
}

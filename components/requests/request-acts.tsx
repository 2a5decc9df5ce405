"use client";
import type { Route } from "next";
import { useRouter } from "next/navigation";
import { type ReactElement, useState } from "react";
import { useTranslations } from "use-intl";
import { AlertConfirm } from "#components/ui/alert-confirm.tsx";
import { Button, ButtonLink } from "#components/ui/button.tsx";
import { toast } from "#components/ui/toast.tsx";
import { useMutationFor } from "#lib/client/queries.ts";
import type { RequestDetail } from "#lib/contract/requests.ts";

/** What may be done with a request besides deciding it, as the API allows. */
export function RequestActs({ request }: { request: RequestDetail }) {
  const t = useTranslations("requests.review.acts");
  const { may } = request;
  return (
    <>
      {request.connector && request.state === "approved" ? (
        <ButtonLink href={`/connectors/${request.connector.id}` as Route}>{t("open")}</ButtonLink>
      ) : null}
      {may.includes("withdraw") ? <Withdraw requestId={request.id} /> : null}
      {may.includes("discard") ? <Discard requestId={request.id} /> : null}
      {may.includes("edit") ? (
        <ButtonLink variant="primary" href={`/requests/${request.id}/edit` as Route}>
          {request.state === "draft" ? t("continue") : t("edit")}
        </ButtonLink>
      ) : null}
    </>
  );
}

function Withdraw({ requestId }: { requestId: string }) {
  const t = useTranslations("requests.review.acts");
  const [isOpen, setIsOpen] = useState(false);
  const withdraw = useMutationFor("requests.withdraw", {
    onSuccess: () => {
      setIsOpen(false);
      toast({ title: t("withdrawn") });
    },
  });
  return (
    <AlertConfirm
      open={isOpen}
      onOpenChange={setIsOpen}
      trigger={<Button>{t("withdraw")}</Button>}
      title={t("withdrawTitle")}
      reach={t("withdrawReach")}
      confirmLabel={t("withdraw")}
      danger
      pending={withdraw.isPending}
      error={withdraw.error?.message}
      onConfirm={(reason) => withdraw.mutate({ requestId, reason })}
    />
  );
}

/** Discards a draft, which nobody else has seen. `trigger` opens the question; in a list the person stays there. */
export function Discard({ requestId, trigger }: { requestId: string; trigger?: ReactElement }) {
  const t = useTranslations("requests.review.acts");
  const router = useRouter();
  const [isOpen, setIsOpen] = useState(false);
  const discard = useMutationFor("requests.discard", {
    onSuccess: () => {
      setIsOpen(false);
      toast({ title: t("discarded") });
      if (trigger === undefined) router.push("/requests");
    },
  });
  return (
    <AlertConfirm
      open={isOpen}
      onOpenChange={setIsOpen}
      trigger={trigger ?? <Button variant="ghost">{t("discard")}</Button>}
      title={t("discardTitle")}
      description={t("discardBody")}
      confirmLabel={t("discard")}
      danger
      reasonMin={false}
      pending={discard.isPending}
      error={discard.error?.message}
      onConfirm={() => discard.mutate({ requestId })}
    />
  );
}

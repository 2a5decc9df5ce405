"use client";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { isReason, ReasonField } from "#components/settings/form-dialog.tsx";
import { useMay } from "#components/settings/may.ts";
import { FailureNotice } from "#components/shell/failure-notice.tsx";
import { Button } from "#components/ui/button.tsx";
import { useKept } from "#components/ui/kept-state.ts";
import { Notice } from "#components/ui/notice.tsx";
import { toast } from "#components/ui/toast.tsx";
import { useMutationFor, useQueryFor } from "#lib/client/queries.ts";
import type { Change } from "#lib/contract/changes.ts";

/** The second person's decision. The reason survives a new sign-in. */
export function DecideChange({ change }: { change: Change }) {
  const t = useTranslations("settings.changes");
  const may = useMay();
  const me = useQueryFor("people.me", {});
  const [kept, setKept] = useKept<string>(`decide ${change.id}`);
  const [tried, setTried] = useState(false);
  const reason = kept ?? "";
  const confirm = useMutationFor("changes.confirm", { onSuccess: () => said(t("confirmed")) });
  const reject = useMutationFor("changes.reject", { onSuccess: () => said(t("rejected")) });
  const isOwn = me.data?.id === change.proposedBy.id;
  const mayReject = may("change:reject", { requesterId: change.proposedBy.id });
  const error = confirm.error ?? reject.error;

  function said(title: string) {
    setKept(null);
    toast({ title });
  }
  function decide(verdict: typeof confirm | typeof reject) {
    setTried(true);
    if (!isReason(reason)) return;
    confirm.reset();
    reject.reset();
    verdict.mutate({ changeId: change.id, reason: reason.trim() });
  }

  return (
    <section aria-label={t("decision")} className="flex flex-col gap-3 border-t pt-4">
      {change.mayConfirm || me.isPending ? null : <Notice>{isOwn ? t("mayNotOwn") : t("mayNot")}</Notice>}
      {change.mayConfirm || mayReject ? (
        <>
          <ReasonField label={t("decideReason")} value={reason} onChange={setKept} tried={tried} />
          {error ? <FailureNotice error={error} /> : null}
          <div className="flex flex-wrap gap-2">
            {change.mayConfirm ? (
              <Button
                variant="primary"
                loading={confirm.isPending}
                disabled={reject.isPending}
                onClick={() => decide(confirm)}
              >
                {t("confirm")}
              </Button>
            ) : null}
            {mayReject ? (
              <Button loading={reject.isPending} disabled={confirm.isPending} onClick={() => decide(reject)}>
                {isOwn ? t("withdraw") : t("reject")}
              </Button>
            ) : null}
          </div>
        </>
      ) : null}
    </section>
  );
}

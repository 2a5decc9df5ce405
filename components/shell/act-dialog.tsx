"use client";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import { ActError } from "#components/shell/act-error.tsx";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Field } from "#components/ui/field.tsx";
import { Textarea } from "#components/ui/textarea.tsx";
import type { ApiError } from "#lib/client/call.ts";

type ActDialogProps = {
  open: boolean;
  onClose: () => void;
  title: ReactNode;
  description: ReactNode;
  /** The controls of the act, above the reason. */
  children: ReactNode;
  reason: string;
  onReason: (reason: string) => void;
  /** True once sending was tried: what is missing is marked. */
  tried: boolean;
  submitLabel: string;
  pending: boolean;
  error: ApiError | null;
  onSubmit: () => void;
};

/** An act that needs choices and a reason, proposed for a second person. */
export function ActDialog(props: ActDialogProps) {
  const t = useTranslations("inventory.act");
  return (
    <Dialog
      open={props.open}
      onOpenChange={(next) => {
        if (!next) props.onClose();
      }}
      title={props.title}
      description={props.description}
      footer={
        <>
          <Button onClick={props.onClose}>{t("cancel")}</Button>
          <Button variant="primary" loading={props.pending} onClick={props.onSubmit}>
            {props.submitLabel}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {props.children}
        <Field
          label={t("reason")}
          hint={t("reasonHint")}
          error={props.tried && !isReason(props.reason) ? t("reasonShort") : undefined}
        >
          <Textarea value={props.reason} onChange={(event) => props.onReason(event.currentTarget.value)} />
        </Field>
        {props.error ? (
          <div role="alert" className="text-red text-sm">
            <ActError error={props.error} />
          </div>
        ) : null}
      </div>
    </Dialog>
  );
}

/** Whether a reason is long enough to be worth reading later. */
export function isReason(reason: string): boolean {
  return reason.trim().length >= 10;
}

"use client";
import { type ReactNode, useId } from "react";
import { useTranslations } from "use-intl";
import { FailureNotice } from "#components/shell/failure-notice.tsx";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Field } from "#components/ui/field.tsx";
import { Textarea } from "#components/ui/textarea.tsx";
import type { ApiError } from "#lib/client/call.ts";

const reasonMin = 10;

type FormDialogProps = {
  open: boolean;
  onClose: () => void;
  title: string;
  description?: ReactNode;
  /** What the button does, in words. */
  submitLabel: string;
  pending: boolean;
  error: ApiError | null;
  onSubmit: () => void;
  children: ReactNode;
};

/** A dialog with a short form. What went wrong stands in it, with everything kept. */
export function FormDialog(props: FormDialogProps) {
  const t = useTranslations("settings");
  const id = useId();
  return (
    <Dialog
      open={props.open}
      onOpenChange={(open) => {
        if (!open) props.onClose();
      }}
      title={props.title}
      description={props.description}
      footer={
        <>
          <Button onClick={props.onClose}>{t("cancel")}</Button>
          <Button type="submit" form={id} variant="primary" loading={props.pending}>
            {props.submitLabel}
          </Button>
        </>
      }
    >
      <form
        id={id}
        noValidate
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (!props.pending) props.onSubmit();
        }}
      >
        {props.children}
        {props.error ? <FailureNotice error={props.error} /> : null}
      </form>
    </Dialog>
  );
}

/** Whether a reason is long enough for those who read it later. */
export function isReason(reason: string): boolean {
  return reason.trim().length >= reasonMin;
}

/** The reason of an act. `tried` shows what is missing. */
export function ReasonField({
  value,
  onChange,
  tried,
  label,
}: {
  value: string;
  onChange: (reason: string) => void;
  tried: boolean;
  label?: string;
}) {
  const t = useTranslations("settings");
  return (
    <Field
      label={label ?? t("reason")}
      hint={t("reasonHint")}
      error={tried && !isReason(value) ? t("reasonShort") : undefined}
    >
      <Textarea value={value} maxLength={2000} onChange={(event) => onChange(event.currentTarget.value)} />
    </Field>
  );
}

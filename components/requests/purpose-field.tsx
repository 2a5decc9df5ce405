"use client";
import { useTranslations } from "use-intl";
import { Field } from "#components/ui/field.tsx";
import { Textarea } from "#components/ui/textarea.tsx";

/** What it is for, in the requester's words. */
export function PurposeField(props: {
  value: string | undefined;
  onChange: (text: string) => void;
  error: string | undefined;
}) {
  const t = useTranslations("requests.form.purpose");
  return (
    <Field label={t("purpose")} hint={t("purposeHint")} error={props.error}>
      <Textarea
        maxLength={2000}
        value={props.value ?? ""}
        onChange={(event) => props.onChange(event.currentTarget.value)}
      />
    </Field>
  );
}

"use client";
import { Field as Base } from "@base-ui/react/field";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import { classNames } from "#components/ui/class-names.ts";

type FieldProps = {
  label: ReactNode;
  hint?: ReactNode;
  /** Shown and announced; makes the control invalid. */
  error?: string | undefined;
  optional?: boolean;
  /** Beside the label, e.g. a count or what was found. */
  aside?: ReactNode;
  /** Keeps the label for screen readers only. */
  hideLabel?: boolean;
  className?: string;
  children: ReactNode;
};

/** Label, hint and error around one control (Input, Textarea, Select, Combobox, …), wired for assistive technology. */
export function Field({ label, hint, error, optional, aside, hideLabel, className, children }: FieldProps) {
  const t = useTranslations("ui");
  return (
    <Base.Root invalid={Boolean(error)} className={classNames("flex min-w-0 flex-col gap-1", className)}>
      <div className={classNames("flex items-baseline justify-between gap-3", hideLabel && "sr-only")}>
        <Base.Label className="font-medium text-ink text-sm">
          {label}
          {optional ? <span className="ml-1.5 font-normal text-faint">{t("optional")}</span> : null}
        </Base.Label>
        {aside ? <span className="text-faint text-sm">{aside}</span> : null}
      </div>
      {children}
      {hint ? <Base.Description className="text-faint text-sm">{hint}</Base.Description> : null}
      {error ? (
        <Base.Error match role="alert" className="text-red text-sm">
          {error}
        </Base.Error>
      ) : null}
    </Base.Root>
  );
}

/** A group of controls under one name, for radio groups and lists of checkboxes. */
export function FieldGroup({
  label,
  hint,
  error,
  children,
}: {
  label: ReactNode;
  hint?: ReactNode;
  error?: string | undefined;
  children: ReactNode;
}) {
  return (
    <fieldset data-invalid={error ? "" : undefined} className="flex min-w-0 flex-col gap-2">
      <legend className="mb-1 font-medium text-ink text-sm">{label}</legend>
      {hint ? <p className="text-faint text-sm">{hint}</p> : null}
      {children}
      {error ? (
        <p role="alert" className="text-red text-sm">
          {error}
        </p>
      ) : null}
    </fieldset>
  );
}

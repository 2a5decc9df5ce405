"use client";
import { Checkbox as Base } from "@base-ui/react/checkbox";
import Check from "lucide-react/icons/check";
import Minus from "lucide-react/icons/minus";
import type { ReactNode } from "react";
import { classNames } from "#components/ui/class-names.ts";

type CheckboxProps = {
  checked: boolean;
  /** Some of the group, shown as a dash. */
  indeterminate?: boolean;
  onChange: (checked: boolean, event: Event) => void;
  /** Visible label; without it give `aria-label`. */
  label?: ReactNode;
  detail?: ReactNode;
  "aria-label"?: string;
  disabled?: boolean;
  className?: string;
};

/** Yes or no, or one of several that may all be chosen. */
export function Checkbox({
  checked,
  indeterminate = false,
  onChange,
  label,
  detail,
  disabled = false,
  className,
  ...rest
}: CheckboxProps) {
  const box = (
    <Base.Root
      checked={checked}
      indeterminate={indeterminate}
      disabled={disabled}
      aria-label={rest["aria-label"]}
      onCheckedChange={(next, details) => onChange(next, details.event)}
      className={classNames(
        "relative flex size-4 shrink-0 items-center justify-center rounded-sm border border-control bg-surface text-on-accent after:absolute after:-inset-1 data-checked:border-accent data-checked:bg-accent data-disabled:opacity-50 data-indeterminate:border-accent data-indeterminate:bg-accent",
        !label && className,
      )}
    >
      <Base.Indicator className="flex data-unchecked:hidden">
        {indeterminate ? (
          <Minus size={12} strokeWidth={3} aria-hidden />
        ) : (
          <Check size={12} strokeWidth={3} aria-hidden />
        )}
      </Base.Indicator>
    </Base.Root>
  );
  if (!label) return box;
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control inside is rendered by the primitive
    <label className={classNames("flex items-start gap-2 text-ink text-sm", className)}>
      <span className="flex h-5 items-center">{box}</span>
      <span className="min-w-0">
        {label}
        {detail ? <span className="block text-faint">{detail}</span> : null}
      </span>
    </label>
  );
}

"use client";
import Check from "lucide-react/icons/check";
import Minus from "lucide-react/icons/minus";
import { type ReactNode, useEffect, useRef } from "react";
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
  /** What is wrong with it is said beside it. */
  invalid?: boolean;
  className?: string;
};

/** Yes or no, or one of several that may all be chosen. The browser's own control: tables hold hundreds of them. */
export function Checkbox({ label, detail, className, ...box }: CheckboxProps) {
  if (!label) return <Box {...box} className={className} />;
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is in Box
    <label className={classNames("flex items-start gap-2 text-ink text-sm", className)}>
      <span className="flex h-5 items-center">
        <Box {...box} />
      </span>
      <span className="min-w-0">
        {label}
        {detail ? <span className="block text-faint">{detail}</span> : null}
      </span>
    </label>
  );
}

function Box({
  checked,
  indeterminate = false,
  onChange,
  disabled = false,
  invalid = false,
  className,
  ...rest
}: Omit<CheckboxProps, "label" | "detail" | "className"> & { className?: string | undefined }) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (input.current) input.current.indeterminate = indeterminate;
  }, [indeterminate]);
  const Icon = indeterminate ? Minus : Check;
  return (
    <span className={classNames("relative inline-flex size-4 shrink-0", className)}>
      <input
        ref={input}
        type="checkbox"
        checked={checked}
        disabled={disabled}
        aria-invalid={invalid || undefined}
        aria-label={rest["aria-label"]}
        onChange={(event) => onChange(event.currentTarget.checked, event.nativeEvent)}
        className="size-4 appearance-none rounded-sm border border-control bg-surface aria-invalid:border-red after:absolute after:-inset-1 checked:border-accent checked:bg-accent indeterminate:border-accent indeterminate:bg-accent disabled:opacity-50"
      />
      {checked || indeterminate ? (
        <Icon
          size={12}
          strokeWidth={3}
          aria-hidden
          className="pointer-events-none absolute top-0.5 left-0.5 text-on-accent"
        />
      ) : null}
    </span>
  );
}

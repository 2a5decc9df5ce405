"use client";
import { Radio } from "@base-ui/react/radio";
import { RadioGroup as Base } from "@base-ui/react/radio-group";
import { type ReactNode, useId } from "react";
import { classNames } from "#components/ui/class-names.ts";

/** One choice of a radio group; `body` appears under it while it is chosen. */
export type RadioOption<Value extends string> = {
  value: Value;
  label: ReactNode;
  detail?: ReactNode;
  body?: ReactNode;
  disabled?: boolean;
};

type RadioGroupProps<Value extends string> = {
  label: string;
  options: readonly RadioOption<Value>[];
  value: Value | null;
  onChange: (value: Value) => void;
  disabled?: boolean;
  className?: string;
};

/** One of a few, all visible. `label` names the group for assistive technology. */
export function RadioGroup<Value extends string>({
  label,
  options,
  value,
  onChange,
  disabled = false,
  className,
}: RadioGroupProps<Value>) {
  const id = useId();
  return (
    <Base
      aria-label={label}
      value={value ?? ""}
      onValueChange={(next) => onChange(next as Value)}
      disabled={disabled}
      className={classNames("flex flex-col gap-2", className)}
    >
      {options.map((option) => (
        <div key={option.value}>
          {/* biome-ignore lint/a11y/noLabelWithoutControl: the control inside is rendered by the primitive */}
          <label className="flex items-start gap-2 text-ink text-sm has-data-disabled:text-faint">
            <span className="flex h-5 items-center">
              <Radio.Root
                value={option.value}
                // The primitive finds the label only once it runs; the name is there before.
                aria-labelledby={`${id}-${option.value}`}
                disabled={option.disabled ?? false}
                className="relative flex size-4 shrink-0 items-center justify-center rounded-full border border-control bg-surface after:absolute after:-inset-1 data-checked:border-accent data-checked:bg-accent data-disabled:opacity-50"
              >
                <Radio.Indicator className="size-1.5 rounded-full bg-on-accent data-unchecked:hidden" />
              </Radio.Root>
            </span>
            <span id={`${id}-${option.value}`} className="min-w-0">
              {option.label}
              {option.detail ? <span className="block text-faint">{option.detail}</span> : null}
            </span>
          </label>
          {option.body && option.value === value ? <div className="mt-2 ml-6">{option.body}</div> : null}
        </div>
      ))}
    </Base>
  );
}

"use client";
import { Switch as Base } from "@base-ui/react/switch";
import { type ReactNode, useId } from "react";

/** On or off, taking effect at once. */
export function Switch(props: {
  checked: boolean;
  onChange: (checked: boolean) => void;
  label: ReactNode;
  detail?: ReactNode;
  disabled?: boolean;
}) {
  const labelId = useId();
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control inside is rendered by the primitive
    <label className="flex items-start justify-between gap-4 text-ink text-sm">
      <span id={labelId} className="min-w-0">
        {props.label}
        {props.detail ? <span className="block text-faint">{props.detail}</span> : null}
      </span>
      <Base.Root
        checked={props.checked}
        onCheckedChange={(checked) => props.onChange(checked)}
        disabled={props.disabled ?? false}
        // The primitive finds the label only once it runs; the name is there before.
        aria-labelledby={labelId}
        className="relative mt-0.5 flex h-4 w-7 shrink-0 rounded-full bg-control p-0.5 transition-colors after:absolute after:-inset-1 data-checked:bg-accent data-disabled:opacity-50"
      >
        <Base.Thumb className="size-3 rounded-full bg-on-accent transition-transform data-checked:translate-x-3" />
      </Base.Root>
    </label>
  );
}

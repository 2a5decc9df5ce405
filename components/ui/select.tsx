"use client";
import { Select as Base } from "@base-ui/react/select";
import Check from "lucide-react/icons/check";
import ChevronDown from "lucide-react/icons/chevron-down";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import { classNames } from "#components/ui/class-names.ts";
import { controlClass } from "#components/ui/input.tsx";

/** One choice: `label` is what is read, `detail` a second line, `icon` before it. */
export type Option<Value extends string = string> = {
  value: Value;
  label: string;
  detail?: string;
  icon?: ReactNode;
  disabled?: boolean;
};

type SelectProps<Value extends string> = {
  options: readonly Option<Value>[];
  value: Value | null;
  onChange: (value: Value) => void;
  placeholder?: string;
  /** Needed outside `Field`. */
  "aria-label"?: string;
  name?: string;
  disabled?: boolean;
  className?: string;
};

/** One of a short list (up to about ten; longer lists: Combobox). */
export function Select<Value extends string>(props: SelectProps<Value>) {
  const t = useTranslations("ui");
  return (
    <Base.Root
      items={props.options.map(({ value, label }) => ({ value, label }))}
      value={props.value}
      onValueChange={(value) => {
        if (value !== null) props.onChange(value);
      }}
      disabled={props.disabled ?? false}
      {...(props.name ? { name: props.name } : {})}
    >
      <Base.Trigger
        aria-label={props["aria-label"]}
        className={classNames(
          controlClass,
          "flex h-8 items-center justify-between gap-2 text-left data-placeholder:text-faint",
          props.className,
        )}
      >
        <Base.Value placeholder={props.placeholder ?? t("choose")} className="truncate" />
        <Base.Icon className="text-faint">
          <ChevronDown size={14} aria-hidden />
        </Base.Icon>
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner sideOffset={4} alignItemWithTrigger={false} className="z-50 outline-none">
          <Base.Popup className="max-h-[min(24rem,var(--available-height))] min-w-(--anchor-width) overflow-y-auto rounded-lg bg-surface p-1 shadow-overlay outline-none transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0">
            {props.options.map((option) => (
              <Base.Item
                key={option.value}
                value={option.value}
                disabled={option.disabled ?? false}
                className="flex min-h-7 select-none items-center gap-2 rounded-sm px-2 py-1 text-ink text-sm outline-none data-disabled:text-faint data-highlighted:bg-subtle"
              >
                {option.icon}
                <span className="flex min-w-0 flex-1 flex-col">
                  <Base.ItemText>{option.label}</Base.ItemText>
                  {option.detail ? <span className="text-faint">{option.detail}</span> : null}
                </span>
                <Base.ItemIndicator className="text-accent-ink">
                  <Check size={14} aria-hidden />
                </Base.ItemIndicator>
              </Base.Item>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

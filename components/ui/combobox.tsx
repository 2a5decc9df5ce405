"use client";
import { Combobox as Base } from "@base-ui/react/combobox";
import Check from "lucide-react/icons/check";
import ChevronDown from "lucide-react/icons/chevron-down";
import X from "lucide-react/icons/x";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import { classNames } from "#components/ui/class-names.ts";
import { controlClass } from "#components/ui/input.tsx";
import type { Option } from "#components/ui/select.tsx";
import { Spinner } from "#components/ui/spinner.tsx";

type CommonProps<Value extends string> = {
  options: readonly Option<Value>[];
  placeholder?: string;
  "aria-label"?: string;
  disabled?: boolean;
  /** Called while typing. When given, `options` are taken as already filtered (server search). */
  onSearch?: (text: string) => void;
  /** The answer to `onSearch` is on its way. */
  searching?: boolean;
  /** Shown when nothing matches; say the next step. */
  empty?: ReactNode;
};

const inputClass = "h-full min-w-16 flex-1 bg-transparent text-ink text-sm outline-none placeholder:text-faint";
const groupClass = classNames(
  controlClass,
  "relative flex min-h-8 items-center gap-1 pr-8 focus-within:border-accent-ink focus-within:outline-1 focus-within:outline-accent-ink has-disabled:bg-subtle",
);

/** One of a long list, searched as you type. */
export function Combobox<Value extends string>(
  props: CommonProps<Value> & { value: Value | null; onChange: (value: Value | null) => void },
) {
  const selected = props.options.find((option) => option.value === props.value) ?? null;
  return (
    <Base.Root<Option<Value>>
      items={props.options}
      value={selected}
      onValueChange={(option) => props.onChange(option?.value ?? null)}
      isItemEqualToValue={(item, value) => item.value === value.value}
      disabled={props.disabled ?? false}
      {...searchProps(props)}
    >
      <Base.InputGroup className={groupClass}>
        <Base.Input aria-label={props["aria-label"]} placeholder={props.placeholder} className={inputClass} />
        <ClearAndOpen />
      </Base.InputGroup>
      <ListPopup {...props} />
    </Base.Root>
  );
}

/** Several of a long list, searched as you type; the chosen ones are removable tags. */
export function MultiCombobox<Value extends string>(
  props: CommonProps<Value> & { value: readonly Value[]; onChange: (value: Value[]) => void },
) {
  const t = useTranslations("ui");
  const selected = props.value.map(
    (value) => props.options.find((option) => option.value === value) ?? { value, label: value },
  );
  return (
    <Base.Root<Option<Value>, true>
      multiple
      items={props.options}
      value={selected}
      onValueChange={(options) => props.onChange(options.map((option) => option.value))}
      isItemEqualToValue={(item, value) => item.value === value.value}
      disabled={props.disabled ?? false}
      {...searchProps(props)}
    >
      <Base.InputGroup className={classNames(groupClass, "py-0.75")}>
        <Base.Chips className="flex min-w-0 flex-1 flex-wrap items-center gap-1">
          {selected.map((option) => (
            <Base.Chip
              key={option.value}
              aria-label={option.label}
              className="flex h-6 max-w-full items-center gap-1 rounded-sm border border-line bg-subtle pl-1.5 text-ink outline-none data-highlighted:border-accent-ink"
            >
              <span className="isolated truncate">{option.label}</span>
              <Base.ChipRemove
                aria-label={t("remove", { name: option.label })}
                className="flex size-5.5 items-center justify-center rounded-sm text-faint hover:bg-pressed hover:text-ink"
              >
                <X size={12} aria-hidden />
              </Base.ChipRemove>
            </Base.Chip>
          ))}
          <Base.Input
            aria-label={props["aria-label"]}
            placeholder={selected.length ? undefined : props.placeholder}
            className={classNames(inputClass, "h-6")}
          />
        </Base.Chips>
        <ClearAndOpen />
      </Base.InputGroup>
      <ListPopup {...props} />
    </Base.Root>
  );
}

function searchProps({ onSearch }: { onSearch?: ((text: string) => void) | undefined }) {
  return onSearch ? { filter: null, onInputValueChange: (text: string) => onSearch(text) } : {};
}

function ClearAndOpen() {
  const t = useTranslations("ui");
  return (
    <Base.Trigger
      aria-label={t("openList")}
      className="absolute inset-y-0 right-0 flex w-8 items-center justify-center text-faint"
    >
      <ChevronDown size={14} aria-hidden />
    </Base.Trigger>
  );
}

function ListPopup<Value extends string>(props: CommonProps<Value>) {
  const t = useTranslations("ui");
  return (
    <Base.Portal>
      <Base.Positioner sideOffset={4} className="z-50 outline-none">
        <Base.Popup className="max-h-[min(22rem,var(--available-height))] w-(--anchor-width) min-w-56 overflow-y-auto overscroll-contain rounded-lg bg-surface p-1 shadow-overlay transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0">
          {props.searching ? (
            <p className="flex items-center gap-2 px-2 py-1.5 text-faint text-sm">
              <Spinner /> {t("searching")}
            </p>
          ) : null}
          <Base.Empty>
            <div className="px-2 py-1.5 text-faint text-sm">{props.empty ?? t("noMatch")}</div>
          </Base.Empty>
          <Base.List>
            {(option: Option<Value>) => (
              <Base.Item
                key={option.value}
                value={option}
                disabled={option.disabled ?? false}
                className="flex min-h-7 select-none items-center gap-2 rounded-sm px-2 py-1 text-ink text-sm outline-none data-disabled:text-faint data-highlighted:bg-subtle"
              >
                {option.icon}
                <span className="flex min-w-0 flex-1 flex-col">
                  <span className="isolated">{option.label}</span>
                  {option.detail ? <span className="isolated text-faint">{option.detail}</span> : null}
                </span>
                <Base.ItemIndicator className="text-accent-ink">
                  <Check size={14} aria-hidden />
                </Base.ItemIndicator>
              </Base.Item>
            )}
          </Base.List>
        </Base.Popup>
      </Base.Positioner>
    </Base.Portal>
  );
}

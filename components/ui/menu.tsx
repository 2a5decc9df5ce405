"use client";
import { Menu as Base } from "@base-ui/react/menu";
import Check from "lucide-react/icons/check";
import type { Route } from "next";
import Link from "next/link";
import type { ReactElement, ReactNode } from "react";
import { classNames } from "#components/ui/class-names.ts";

/** One line of a menu: `href` goes, `onSelect` acts, `checked` toggles, "separator" divides. */
export type MenuEntry =
  | "separator"
  | { id: string; heading: ReactNode }
  | { id: string; label: ReactNode; icon?: ReactNode; href: Route }
  | { id: string; label: ReactNode; icon?: ReactNode; onSelect: () => void; danger?: boolean; disabled?: boolean }
  | { id: string; label: ReactNode; checked: boolean; onCheckedChange: (checked: boolean) => void; disabled?: boolean };

const itemClass =
  "flex min-h-7 w-full select-none items-center gap-2 rounded-sm px-2 py-1 text-sm outline-none data-disabled:text-faint data-highlighted:bg-subtle";

/** A menu of acts and links, opened by `trigger`. */
export function Menu({
  trigger,
  entries,
  align = "end",
}: {
  trigger: ReactElement;
  entries: readonly MenuEntry[];
  align?: "start" | "end";
}) {
  return (
    <Base.Root>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner sideOffset={4} align={align} className="z-50 outline-none">
          <Base.Popup className="max-h-(--available-height) min-w-48 max-w-80 overflow-y-auto rounded-lg bg-surface p-1 shadow-overlay outline-none transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0">
            {entries.map((entry, index) => (
              <Entry key={entry === "separator" ? `separator-${index}` : entry.id} entry={entry} />
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

function Entry({ entry }: { entry: MenuEntry }) {
  if (entry === "separator") return <Base.Separator className="-mx-1 my-1 h-px bg-line" />;
  if ("heading" in entry) return <div className="px-2 py-1.5 text-faint text-sm">{entry.heading}</div>;
  if ("href" in entry) {
    return (
      <Base.LinkItem className={classNames(itemClass, "text-ink")} render={<Link href={entry.href} />} closeOnClick>
        {entry.icon}
        {entry.label}
      </Base.LinkItem>
    );
  }
  if ("checked" in entry) {
    return (
      <Base.CheckboxItem
        checked={entry.checked}
        onCheckedChange={(checked) => entry.onCheckedChange(checked)}
        disabled={entry.disabled ?? false}
        className={classNames(itemClass, "text-ink")}
      >
        <span className="flex size-3.5 items-center justify-center text-accent-ink">
          <Base.CheckboxItemIndicator>
            <Check size={14} aria-hidden />
          </Base.CheckboxItemIndicator>
        </span>
        {entry.label}
      </Base.CheckboxItem>
    );
  }
  return (
    <Base.Item
      onClick={entry.onSelect}
      disabled={entry.disabled ?? false}
      className={classNames(itemClass, entry.danger ? "text-red" : "text-ink")}
    >
      {entry.icon}
      {entry.label}
    </Base.Item>
  );
}

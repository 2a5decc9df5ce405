"use client";
import { Popover as Base } from "@base-ui/react/popover";
import type { ReactElement, ReactNode } from "react";
import { classNames } from "#components/ui/class-names.ts";

type PopoverProps = {
  /** The element that opens it; leave out when `open` is controlled and `anchor` says where. */
  trigger?: ReactElement;
  anchor?: Element | null;
  /** Names the popover for assistive technology; shown as its heading unless `hideTitle`. */
  title: string;
  hideTitle?: boolean;
  children: ReactNode;
  align?: "start" | "center" | "end";
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  className?: string;
};

/** A small surface beside what opened it. */
export function Popover({
  trigger,
  anchor,
  title,
  hideTitle,
  children,
  align = "start",
  open,
  onOpenChange,
  className,
}: PopoverProps) {
  return (
    <Base.Root {...(open === undefined ? {} : { open })} onOpenChange={(next) => onOpenChange?.(next)}>
      {trigger ? <Base.Trigger render={trigger} /> : null}
      <Base.Portal>
        <Base.Positioner sideOffset={4} align={align} className="z-50" {...(anchor ? { anchor } : {})}>
          <Base.Popup
            className={classNames(
              "max-h-(--available-height) w-64 max-w-(--available-width) overflow-y-auto rounded-lg bg-surface p-2 text-sm shadow-overlay outline-none transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0",
              className,
            )}
          >
            <Base.Title className={hideTitle ? "sr-only" : "px-2 pt-1 pb-2 font-medium text-muted"}>{title}</Base.Title>
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

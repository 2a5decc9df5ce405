"use client";
import { Dialog as Base } from "@base-ui/react/dialog";
import X from "lucide-react/icons/x";
import type { ReactElement, ReactNode, RefObject } from "react";
import { useTranslations } from "use-intl";
import { buttonClass } from "#components/ui/button.tsx";
import { classNames } from "#components/ui/class-names.ts";

type OverlayProps = {
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  /** The element that opens it; leave out when `open` is controlled. */
  trigger?: ReactElement;
  title: ReactNode;
  description?: ReactNode;
  children?: ReactNode;
  /** Buttons at the end, the main one last. */
  footer?: ReactNode;
  /** Focused on opening; otherwise the first control. */
  initialFocus?: RefObject<HTMLElement | null>;
  className?: string;
};

/** A dialog in the middle, for one small task. Escape and the backdrop close it; focus returns where it came from. */
export function Dialog(props: OverlayProps) {
  return (
    <Overlay {...props}>
      <Base.Popup
        {...(props.initialFocus ? { initialFocus: props.initialFocus } : {})}
        className={classNames(
          "fixed top-1/2 left-1/2 z-50 flex max-h-[calc(100dvh-2rem)] w-[min(32rem,calc(100vw-2rem))] -translate-x-1/2 -translate-y-1/2 flex-col rounded-lg bg-surface shadow-overlay outline-none transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0",
          props.className,
        )}
      >
        <OverlayBody {...props} />
      </Base.Popup>
    </Overlay>
  );
}

/** A panel from the side, for a detail that keeps the page behind it in mind. */
export function Sheet({ side = "right", ...props }: OverlayProps & { side?: "left" | "right" }) {
  return (
    <Overlay {...props}>
      <Base.Popup
        {...(props.initialFocus ? { initialFocus: props.initialFocus } : {})}
        className={classNames(
          "fixed inset-y-0 z-50 flex w-[min(30rem,calc(100vw-2rem))] flex-col bg-surface shadow-overlay outline-none transition-transform",
          side === "right"
            ? "right-0 data-ending-style:translate-x-full data-starting-style:translate-x-full"
            : "left-0 data-ending-style:-translate-x-full data-starting-style:-translate-x-full",
          props.className,
        )}
      >
        <OverlayBody {...props} />
      </Base.Popup>
    </Overlay>
  );
}

function Overlay({ open, onOpenChange, trigger, children }: OverlayProps) {
  return (
    <Base.Root {...(open === undefined ? {} : { open })} onOpenChange={(next) => onOpenChange?.(next)}>
      {trigger ? <Base.Trigger render={trigger} /> : null}
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-50 bg-backdrop transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0" />
        {children}
      </Base.Portal>
    </Base.Root>
  );
}

function OverlayBody({ title, description, children, footer }: OverlayProps) {
  const t = useTranslations("ui");
  return (
    <>
      <header className="min-w-0 pt-4 pr-14 pb-2 pl-5">
        <Base.Title className="font-semibold text-base text-ink">{title}</Base.Title>
        {description ? <Base.Description className="mt-1 text-muted text-sm">{description}</Base.Description> : null}
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto px-5 pt-1 pb-5">{children}</div>
      {footer ? <footer className="flex flex-wrap justify-end gap-2 border-t px-5 py-3">{footer}</footer> : null}
      {/* Last, so that the focus starts with the content. */}
      <Base.Close aria-label={t("close")} className={buttonClass("ghost", "absolute! top-3 right-3 w-8 px-0!")}>
        <X size={16} aria-hidden />
      </Base.Close>
    </>
  );
}

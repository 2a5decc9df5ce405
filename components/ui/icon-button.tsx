"use client";
import type { ComponentProps, ReactNode } from "react";
import { type ButtonVariant, buttonClass } from "#components/ui/button.tsx";
import { Spinner } from "#components/ui/spinner.tsx";
import { Tooltip } from "#components/ui/tooltip.tsx";

type IconButtonProps = Omit<ComponentProps<"button">, "className" | "aria-label"> & {
  /** The name: read out, and shown as a tooltip. */
  label: string;
  icon: ReactNode;
  variant?: ButtonVariant;
  loading?: boolean;
  className?: string;
};

/** A square button with an icon only; its name is a tooltip. */
export function IconButton({ label, icon, variant = "ghost", loading = false, className, ...rest }: IconButtonProps) {
  return (
    <Tooltip text={label}>
      <button
        type="button"
        aria-label={label}
        aria-busy={loading || undefined}
        className={buttonClass(variant, `w-8 px-0! ${className ?? ""}`)}
        {...rest}
      >
        {loading ? <Spinner /> : icon}
      </button>
    </Tooltip>
  );
}

import type { Route } from "next";
import Link from "next/link";
import type { ComponentProps, ReactNode } from "react";
import { classNames } from "#components/ui/class-names.ts";
import { Spinner } from "#components/ui/spinner.tsx";

/** How loud a button is; `danger` only for what stops, denies or removes. */
export type ButtonVariant = "primary" | "secondary" | "ghost" | "danger";

const variantClass: Record<ButtonVariant, string> = {
  primary: "border-transparent bg-accent text-on-accent hover:bg-accent-hover",
  secondary: "border-line-strong bg-surface text-ink hover:bg-subtle active:bg-pressed",
  ghost: "border-transparent bg-transparent text-muted hover:bg-subtle hover:text-ink active:bg-pressed",
  danger: "border-transparent bg-red-solid text-on-accent hover:bg-red-solid-hover",
};

/** Class of a button, for triggers that other primitives render. */
export function buttonClass(variant: ButtonVariant, className?: string): string {
  return classNames(
    "inline-flex h-8 min-w-0 shrink-0 select-none items-center justify-center gap-1.5 rounded-md border px-3 font-medium text-sm transition-colors",
    "disabled:pointer-events-none disabled:opacity-50 aria-disabled:opacity-60 data-disabled:pointer-events-none data-disabled:opacity-50",
    variantClass[variant],
    className,
  );
}

type ButtonProps = Omit<ComponentProps<"button">, "className"> & {
  variant?: ButtonVariant;
  /** Shows a spinner and ignores presses; the focus stays. */
  loading?: boolean;
  icon?: ReactNode;
  className?: string;
};

/** A button that says what happens. */
export function Button({
  variant = "secondary",
  loading = false,
  icon,
  children,
  className,
  onClick,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      aria-busy={loading || undefined}
      aria-disabled={loading || undefined}
      className={buttonClass(variant, className)}
      {...rest}
      onClick={loading ? (event) => event.preventDefault() : onClick}
    >
      {loading ? <Spinner /> : icon}
      {children}
    </button>
  );
}

/** A link that looks like a button: it goes somewhere and changes nothing. */
export function ButtonLink(props: {
  href: Route;
  variant?: ButtonVariant;
  icon?: ReactNode;
  children: ReactNode;
  className?: string;
}) {
  return (
    <Link href={props.href} className={buttonClass(props.variant ?? "secondary", props.className)}>
      {props.icon}
      {props.children}
    </Link>
  );
}

"use client";
import { Field } from "@base-ui/react/field";
import type { ComponentProps, ReactNode } from "react";
import { classNames } from "#components/ui/class-names.ts";

/** Look of a text control; shared by Input, Textarea, Select and Combobox. */
export const controlClass =
  "w-full min-w-0 rounded-md border border-line-strong bg-surface px-2.5 text-ink text-sm transition-colors hover:border-control focus-visible:outline-2 focus-visible:outline-offset-0 focus-visible:outline-accent-ink disabled:bg-subtle disabled:text-faint aria-invalid:border-red data-invalid:border-red";

type InputProps = Omit<ComponentProps<"input">, "className" | "value" | "defaultValue"> & {
  value?: string | number;
  defaultValue?: string | number;
  /** Identifiers, addresses and code. */
  mono?: boolean;
  leading?: ReactNode;
  trailing?: ReactNode;
  className?: string;
};

/** One line of text. Inside `Field` it gets its label, hint and error by itself. */
export function Input({ mono, leading, trailing, className, ...rest }: InputProps) {
  const control = (
    <Field.Control
      render={<input />}
      {...rest}
      className={classNames(
        controlClass,
        "h-8",
        mono && "font-mono",
        Boolean(leading) && "pl-8",
        Boolean(trailing) && "pr-9",
        className,
      )}
    />
  );
  if (!(leading || trailing)) return control;
  return (
    <span className="relative block min-w-0">
      {leading ? (
        <span className="pointer-events-none absolute inset-y-0 left-0 flex w-8 items-center justify-center text-faint">
          {leading}
        </span>
      ) : null}
      {control}
      {trailing ? <span className="absolute inset-y-0 right-0 flex items-center pr-1">{trailing}</span> : null}
    </span>
  );
}

"use client";
import { Field } from "@base-ui/react/field";
import type { ComponentProps } from "react";
import { classNames } from "#components/ui/class-names.ts";
import { controlClass } from "#components/ui/input.tsx";

type TextareaProps = Omit<ComponentProps<"textarea">, "className"> & { mono?: boolean; className?: string };

/** Several lines of text; grows with what is written. Inside `Field` it gets its label, hint and error. */
export function Textarea({ mono, className, rows = 3, ...rest }: TextareaProps) {
  return (
    <Field.Control
      render={
        <textarea
          rows={rows}
          {...rest}
          className={classNames(
            controlClass,
            "field-sizing-content min-h-18 max-h-96 resize-y py-1.5",
            mono && "font-mono",
            className,
          )}
        />
      }
    />
  );
}

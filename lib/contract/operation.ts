import type { z } from "zod";
import type { Action } from "#lib/core/action.ts";

/**
 * One thing that Ambit can be asked to do. Everything else follows from the table of these: the REST route, OpenAPI, the typed
 * client, the command line's help and the authorization-matrix test.
 */
export type Operation<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> = {
  kind: "query" | "mutation";
  method: "GET" | "POST" | "PATCH" | "DELETE";
  /** Below `/api/v1`; `{name}` takes the input's field of that name, the rest is the query string or the JSON body. */
  path: string;
  action: Action;
  /** Two: the call only proposes; a second person confirms the exact change (invariant 13). */
  control: "one" | "two";
  input: Input;
  output: Output;
  summary: string;
};

/** Declares a read. It changes nothing and appends no event. */
export function query<Input extends z.ZodType, Output extends z.ZodType>(
  operation: Omit<Operation<Input, Output>, "kind" | "method" | "control">,
) {
  return { ...operation, kind: "query", method: "GET", control: "one" } as const satisfies Operation<Input, Output>;
}

/** Declares a change. `control: "two"` makes it a proposal that a second person confirms. */
export function mutation<Input extends z.ZodType, Output extends z.ZodType, Control extends "one" | "two" = "one">(
  operation: Omit<Operation<Input, Output>, "kind" | "method" | "control"> & {
    method?: "POST" | "PATCH" | "DELETE";
    control?: Control;
  },
) {
  return {
    ...operation,
    kind: "mutation",
    method: operation.method ?? "POST",
    control: (operation.control ?? "one") as Control,
  } as const;
}

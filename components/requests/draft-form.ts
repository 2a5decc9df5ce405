import type { z } from "zod";
import { forms } from "#lib/contract/request-forms.ts";

export type FormKind = keyof typeof forms;
type FormOutput<Kind extends FormKind> = z.output<(typeof forms)[Kind]>;

/** A form as far as it is filled in. A field that is taken out again is `undefined`. */
export type DraftForm<Kind extends FormKind> = {
  [Name in keyof FormOutput<Kind>]?: FormOutput<Kind>[Name] | undefined;
};

/** The fields of a saved draft that have the right shape, and every text, finished or not. Never throws: a draft may hold anything. */
export function readDraft<Kind extends FormKind>(kind: Kind, raw: Record<string, unknown>): DraftForm<Kind> {
  const draft: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(forms[kind].shape)) {
    const value = raw[name];
    if (value === undefined) continue;
    if (schema.safeParse(value).success || (typeof value === "string" && textFields.has(name))) draft[name] = value;
  }
  return draft as DraftForm<Kind>;
}

const textFields: ReadonlySet<string> = new Set(["name", "slug", "purpose", "ticket"]);

import type { z } from "zod";
import type { Issue } from "#lib/contract/errors.ts";
import {
  type ConnectorForm,
  type ExtensionForm,
  forms,
  type GrantForm,
  type VersionForm,
} from "#lib/contract/request-forms.ts";

export type FormOf = {
  connector: z.output<typeof ConnectorForm>;
  version: z.output<typeof VersionForm>;
  grant: z.output<typeof GrantForm>;
  extension: z.output<typeof ExtensionForm>;
};
export type FormKind = keyof FormOf;

/** A form as far as it is filled in: `whole` is null while anything is missing or wrong, `partial` has the fields that are right. */
export type ReadForm<Kind extends FormKind> = {
  whole: FormOf[Kind] | null;
  partial: Partial<FormOf[Kind]>;
  problems: Issue[];
};

/** Reads a draft's form. Never throws: a draft may hold anything. */
export function readForm<Kind extends FormKind>(kind: Kind, raw: Record<string, unknown>): ReadForm<Kind> {
  const result = forms[kind].safeParse(raw);
  if (result.success) {
    const whole = result.data as FormOf[Kind];
    return { whole, partial: whole, problems: [] };
  }
  const partial: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(forms[kind].shape)) {
    const field = schema.safeParse(raw[name]);
    if (field.success && field.data !== undefined) partial[name] = field.data;
  }
  const problems = result.error.issues.map(({ path, message }) => ({
    path: path.join("."),
    message: isMissing(raw, path) ? `Fill in: ${inWords(path)}.` : message,
  }));
  return { whole: null, partial: partial as Partial<FormOf[Kind]>, problems };
}

function isMissing(raw: unknown, path: readonly PropertyKey[]): boolean {
  const value = path.reduce<unknown>(
    (at, key) => (typeof at === "object" && at !== null ? Reflect.get(at, key) : undefined),
    raw,
  );
  return value === undefined || value === null || value === "";
}

/** A field's name as people say it: `accountableOwnerId` → accountable owner. */
function inWords(path: readonly PropertyKey[]): string {
  return path
    .map((part) =>
      String(part)
        .replace(/Ids?$/, "")
        .replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`),
    )
    .join(" ");
}

/** What lists call a request. */
export function titleOf(kind: FormKind, raw: Record<string, unknown>): string {
  const text = (name: string) => (typeof raw[name] === "string" ? (raw[name] as string).trim().slice(0, 120) : "");
  if (kind === "connector") return text("name") || text("slug") || targetName(raw.target) || "New connector";
  return text("purpose") || { version: "New version", grant: "Grant", extension: "Extension" }[kind];
}

/** The host or the package that is to be inspected, so that a draft can be told from others before it has a name. */
function targetName(target: unknown): string {
  const { url, name } = Object(target) as { url?: unknown; name?: unknown };
  if (typeof url === "string" && URL.canParse(url)) return new URL(url).host.slice(0, 120);
  return typeof name === "string" ? name.trim().slice(0, 120) : "";
}

import { z } from "zod";
import type { OperationId } from "#lib/contract/index.ts";
import { forms } from "#lib/contract/request-forms.ts";

type Schema = Record<string, unknown>;

const kinds = Object.keys(forms) as (keyof typeof forms)[];
const nameOf = (kind: string) => `${kind[0]?.toUpperCase()}${kind.slice(1)}`;
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });

/** The forms of requests and the drafts that hold them, as OpenAPI components. A draft may be any part of its form; submitting needs it whole. */
export function formSchemas(): Record<string, Schema> {
  return Object.fromEntries(kinds.flatMap((kind) => [[`${nameOf(kind)}Form`, formOf(kind)] as const, draftOf(kind)]));
}

/** The request body of an operation whose form depends on the request's kind; null for all others. */
export function formBody(id: OperationId, body: Schema): Schema | null {
  if (id === "requests.create") {
    const mapping = Object.fromEntries(kinds.map((kind) => [kind, ref(`${nameOf(kind)}Draft`).$ref]));
    return {
      oneOf: kinds.map((kind) => ref(`${nameOf(kind)}Draft`)),
      discriminator: { propertyName: "kind", mapping },
    };
  }
  if (id !== "requests.update") return null;
  const form = { description: "Of the request's kind", anyOf: kinds.map((kind) => ref(`${nameOf(kind)}Form`)) };
  return { ...body, properties: { ...(body.properties as Schema), form } };
}

function formOf(kind: keyof typeof forms): Schema {
  const {
    $schema: _dialect,
    required,
    ...whole
  } = z.toJSONSchema(forms[kind], { io: "input", unrepresentable: "any" });
  return { ...whole, "x-required-to-submit": required };
}

function draftOf(kind: keyof typeof forms) {
  const properties = { kind: { const: kind }, form: ref(`${nameOf(kind)}Form`) };
  const draft = { type: "object", additionalProperties: false, properties, required: ["kind", "form"] };
  return [`${nameOf(kind)}Draft`, draft] as const;
}

import { z } from "zod";
import { CliError, kebab, optionName } from "#lib/cli/output.ts";
import { type OperationId, operations } from "#lib/contract/index.ts";

type Property = { type?: string; format?: string; enum?: unknown[]; minimum?: number };

/** Holds an input against the contract before anything is sent. @throws CliError that names the options, with an example */
export function checkInput(id: OperationId, input: Record<string, unknown>): void {
  const result = operations[id].input.safeParse(input);
  if (result.success) return;
  const lines = result.error.issues.map(({ path, message }) => {
    const [name] = path;
    if (name === undefined) return `${message}.`;
    if (path.length === 1 && input[String(name)] === undefined) return `Missing ${optionName(String(name))}.`;
    return `${optionName(path.join("."))}: ${message}.`;
  });
  throw new CliError([...lines, `Example: ${exampleOf(id)}`].join("\n"));
}

/** Optional fields without which the example would be refused. */
const neededToo: { [Id in OperationId]?: readonly string[] } = { "requests.review": ["confirmed"] };

/** The shortest command that could work. */
function exampleOf(id: OperationId): string {
  const { path, input } = operations[id];
  const schema = z.toJSONSchema(input, { io: "input", unrepresentable: "any" });
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? "");
  const options = [...(schema.required ?? []), ...(neededToo[id] ?? [])]
    .filter((name) => !inPath.includes(name))
    .map((name) => `--${kebab(name)} ${exampleValue(Object(schema.properties?.[name]) as Property)}`);
  const places = inPath.map((name) => kebab(name).replaceAll("-", "_").toUpperCase());
  return ["ambit", ...id.split("."), ...places, ...options].join(" ");
}

function exampleValue(property: Property): string {
  const [first] = property.enum ?? [];
  if (first !== undefined) return String(first);
  if (property.format === "date-time") return new Date(Date.now() + 30 * 86_400_000).toISOString();
  switch (property.type) {
    case "string":
      return '"…"';
    case "integer":
    case "number":
      return String(Math.max(1, property.minimum ?? 1));
    case "boolean":
      return "true";
    case "array":
      return `'["…"]'`;
    default:
      return "'{…}'";
  }
}

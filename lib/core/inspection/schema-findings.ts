import type { JsonObject, JsonValue } from "#lib/core/canonical.ts";
import type { FindingCode, Severity } from "#lib/core/inspection/findings.ts";
import { escapePointer, isJsonObject } from "#lib/core/inspection/json.ts";
import { addressArguments, pathArguments, programArguments, wordsOf } from "#lib/core/inspection/vocabulary.ts";

/** What is wrong with a schema; `path` is a JSON Pointer inside the definition. */
export type SchemaFinding = { code: FindingCode; severity: Severity; path: string; excerpt: string };

const types = new Set(["string", "number", "integer", "boolean", "object", "array", "null"]);
const mapKeywords = ["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"];
const listKeywords = ["anyOf", "oneOf", "allOf", "prefixItems"];
const singleKeywords = [
  "additionalProperties",
  "unevaluatedProperties",
  "items",
  "not",
  "if",
  "then",
  "else",
  "contains",
  "propertyNames",
];
const schemasMax = 2_000;

/**
 * Looks at a tool's input and output schema: present, an object, well-formed (types, required, enum, patterns), no reference that leaves the
 * document, and how far its free-form arguments reach. It never resolves a reference.
 */
export function schemaFindings(definition: JsonObject): SchemaFinding[] {
  const { inputSchema, outputSchema } = definition;
  const found: SchemaFinding[] = [];
  if (!isJsonObject(inputSchema)) {
    found.push({ code: "schema_missing", severity: "medium", path: "/inputSchema", excerpt: "no input schema" });
  } else {
    if (inputSchema.type !== "object")
      found.push({
        code: "schema_invalid",
        severity: "medium",
        path: "/inputSchema/type",
        excerpt: 'type is not "object"',
      });
    else if (isOpenAndEmpty(inputSchema))
      found.push({ code: "schema_missing", severity: "low", path: "/inputSchema", excerpt: "accepts any arguments" });
    found.push(...visit(inputSchema, "/inputSchema"), ...reach(inputSchema));
  }
  if (isJsonObject(outputSchema)) found.push(...visit(outputSchema, "/outputSchema"));
  else if (outputSchema !== undefined)
    found.push({ code: "schema_invalid", severity: "medium", path: "/outputSchema", excerpt: "not an object" });
  return found;
}

/** No argument named and none excluded, although some are described to be taken. */
function isOpenAndEmpty(schema: JsonObject): boolean {
  const named = isJsonObject(schema.properties) && Object.keys(schema.properties).length > 0;
  return (
    !named &&
    (schema.additionalProperties === true ||
      isJsonObject(schema.additionalProperties) ||
      (schema.properties === undefined && schema.additionalProperties === undefined))
  );
}

/** Walks the places where schemas stand, so that data such as `default` or `examples` is not mistaken for one. */
function visit(root: JsonObject, start: string): SchemaFinding[] {
  const found: SchemaFinding[] = [];
  const open: { schema: JsonValue; path: string }[] = [{ schema: root, path: start }];
  const invalid = (path: string, excerpt: string) =>
    found.push({ code: "schema_invalid", severity: "medium", path, excerpt });
  for (let seen = 0; ; seen += 1) {
    const here = open.pop();
    if (here === undefined) return found;
    if (seen === schemasMax) {
      invalid(start, `more than ${schemasMax} subschemas`);
      return found;
    }
    const { schema, path } = here;
    if (typeof schema === "boolean") continue;
    if (!isJsonObject(schema)) {
      invalid(path, "not a schema");
      continue;
    }
    for (const keyword of ["$ref", "$dynamicRef"]) {
      const target = schema[keyword];
      if (target === undefined) continue;
      if (typeof target !== "string") invalid(`${path}/${keyword}`, "not a string");
      else if (!target.startsWith("#"))
        found.push({ code: "schema_remote_ref", severity: "high", path: `${path}/${keyword}`, excerpt: target });
    }
    for (const problem of keywordProblems(schema)) invalid(path, problem);
    for (const keyword of mapKeywords) {
      const map = schema[keyword];
      if (map === undefined) continue;
      if (!isJsonObject(map)) invalid(`${path}/${keyword}`, "not an object");
      else
        for (const [key, value] of Object.entries(map))
          open.push({ schema: value, path: `${path}/${keyword}/${escapePointer(key)}` });
    }
    for (const keyword of listKeywords) {
      const list = schema[keyword];
      if (list === undefined) continue;
      if (!Array.isArray(list) || list.length === 0) invalid(`${path}/${keyword}`, "not a non-empty array");
      else
        for (const [index, value] of list.entries()) open.push({ schema: value, path: `${path}/${keyword}/${index}` });
    }
    for (const keyword of singleKeywords) {
      const value = schema[keyword];
      if (value === undefined) continue;
      if (keyword === "items" && Array.isArray(value))
        for (const [index, item] of value.entries()) open.push({ schema: item, path: `${path}/items/${index}` });
      else open.push({ schema: value, path: `${path}/${keyword}` });
    }
  }
}

function keywordProblems(schema: JsonObject): string[] {
  const problems: string[] = [];
  const { type, required, enum: values, pattern } = schema;
  const listed = Array.isArray(type) ? type : type === undefined ? [] : [type];
  if (!listed.every((name) => typeof name === "string" && types.has(name))) problems.push("unknown type");
  if (required !== undefined && !(Array.isArray(required) && required.every((name) => typeof name === "string")))
    problems.push("required is not a list of names");
  if (values !== undefined && !Array.isArray(values)) problems.push("enum is not a list");
  if (pattern !== undefined && !(typeof pattern === "string" && isPattern(pattern)))
    problems.push("pattern is no regular expression");
  return problems;
}

function isPattern(pattern: string): boolean {
  try {
    new RegExp(pattern, "u");
    return true;
  } catch {
    return false;
  }
}

/** Free-form arguments through which a tool reaches whatever the caller names. */
function reach(schema: JsonObject): SchemaFinding[] {
  if (!isJsonObject(schema.properties)) return [];
  const open = schema.additionalProperties === undefined || schema.additionalProperties === true;
  return Object.entries(schema.properties).flatMap(([name, argument]): SchemaFinding[] => {
    if (!isJsonObject(argument) || isBounded(argument)) return [];
    const last = wordsOf(name).at(-1) ?? "";
    const program = programArguments.has(last);
    if (!program && !addressArguments.has(last) && !pathArguments.has(last)) return [];
    const what = program ? "a program" : addressArguments.has(last) ? "any address" : "any path";
    const path = `/inputSchema/properties/${escapePointer(name)}`;
    return [{ code: "wide_reach", severity: program && open ? "medium" : "low", path, excerpt: `${name}: ${what}` }];
  });
}

function isBounded({ type, enum: values, const: value, pattern }: JsonObject): boolean {
  return (
    values !== undefined ||
    value !== undefined ||
    pattern !== undefined ||
    type === "boolean" ||
    type === "number" ||
    type === "integer"
  );
}

import { Ajv, type ValidateFunction } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { RE2JS } from "re2js";
import type { JsonObject } from "#lib/core/canonical.ts";
import type { CompiledTool } from "#lib/core/decision/snapshot.ts";
import { isJsonObject } from "#lib/core/inspection/json.ts";
import { type ParamHeader, paramHeaders } from "#lib/mcp/http/param-headers.ts";

/** One thing wrong with arguments: where (JSON Pointer) and what, in words that repeat nothing of the value. */
export type ArgumentIssue = { pointer: string; message: string };

/** The check of one tool's arguments. `properties` are the names that its schema knows, sorted. */
export type ArgumentCheck = {
  properties: readonly string[];
  validate: ((args: JsonObject) => ArgumentIssue[] | null) | null;
};

/** Checks by definition digest. */
export type ArgumentChecks = {
  /** `validate` is null where the schema cannot be used: such a tool is not callable. */
  checkOf(tool: CompiledTool): ArgumentCheck;
  /** The arguments that headers repeat in the stateless era; null when the schema's annotations are wrong. */
  headersOf(tool: CompiledTool): readonly ParamHeader[] | null;
  /** Compiles ahead, one per turn of the event loop, so that no call waits for it. */
  prepare(tools: Iterable<CompiledTool>): void;
};

const schemaCharactersMax = 256 * 1024;
const checksMax = 20_000;
const issuesMax = 5;
const draft07 = /^https?:\/\/json-schema\.org\/draft-0[467]\/schema#?$/;
const draft2020 = /^https?:\/\/json-schema\.org\/draft\/20(?:19-09|20-12)\/schema#?$/;

/**
 * Compiles approved input schemas with Ajv: draft 2020-12 unless the schema says draft-07. No `$ref` is ever fetched: a schema
 * that points elsewhere, is too large or does not compile is unusable.
 */
export function createArgumentChecks(): ArgumentChecks {
  const checks = new Map<string, ArgumentCheck>();
  const headers = new Map<string, readonly ParamHeader[] | null>();
  const queue: CompiledTool[] = [];

  function headersOf({ definition, definitionDigest }: CompiledTool): readonly ParamHeader[] | null {
    const known = headers.get(definitionDigest);
    if (known !== undefined) return known;
    if (headers.size >= checksMax) headers.clear();
    const parsed: unknown = definition.includes("x-mcp-header") ? JSON.parse(definition) : {};
    const schema = isJsonObject(parsed) ? (parsed.inputSchema ?? {}) : {};
    const read = paramHeaders(schema);
    headers.set(definitionDigest, read);
    return read;
  }

  function checkOf(tool: CompiledTool): ArgumentCheck {
    const known = checks.get(tool.definitionDigest);
    if (known !== undefined) return known;
    if (checks.size >= checksMax) checks.clear();
    const check = compileCheck(tool.definition);
    checks.set(tool.definitionDigest, check);
    return check;
  }

  function work(): void {
    const tool = queue.pop();
    if (tool === undefined) return;
    checkOf(tool);
    if (queue.length > 0) setImmediate(work);
  }

  return {
    checkOf,
    headersOf,
    prepare(tools) {
      const idle = queue.length === 0;
      for (const tool of tools) if (!checks.has(tool.definitionDigest)) queue.push(tool);
      if (idle && queue.length > 0) setImmediate(work);
    },
  };
}

function compileCheck(definitionText: string): ArgumentCheck {
  const definition: unknown = JSON.parse(definitionText);
  const schema = isJsonObject(definition) ? definition.inputSchema : undefined;
  if (!isJsonObject(schema)) return { properties: [], validate: null };
  const properties = isJsonObject(schema.properties) ? Object.keys(schema.properties).sort() : [];
  const validate = compileSchema(schema);
  if (validate === null) return { properties, validate: null };
  return {
    properties,
    validate(args) {
      if (validate(args)) return null;
      return (validate.errors ?? []).slice(0, issuesMax).map(({ instancePath, keyword, params, message }) => ({
        pointer:
          keyword === "additionalProperties" ? `${instancePath}/${String(params.additionalProperty)}` : instancePath,
        message: message ?? keyword,
      }));
    },
  };
}

/**
 * Patterns come from servers: they run in linear time or not at all. One that RE2 does not take makes its schema unusable.
 * @throws for such a pattern
 */
function linearRegExp(pattern: string): RegExp {
  const compiled = RE2JS.compile(RE2JS.translateRegExp(pattern));
  // Ajv keeps patterns by their text; without one of its own, each would stand for all.
  return { test: (text: string) => compiled.matcher(text).find(), toString: () => `/${pattern}/` } as RegExp;
}
linearRegExp.code = "";

function compileSchema(schema: JsonObject): ValidateFunction | null {
  if (JSON.stringify(schema).length > schemaCharactersMax) return null;
  const dialect = schema.$schema;
  if (dialect !== undefined && typeof dialect !== "string") return null;
  const isOld = dialect !== undefined && draft07.test(dialect);
  if (dialect !== undefined && !isOld && !draft2020.test(dialect)) return null;
  const options = {
    strict: false,
    allErrors: false,
    logger: false,
    validateSchema: true,
    addUsedSchema: false,
    code: { regExp: linearRegExp },
  } as const;
  try {
    // An instance of its own: schemas of different servers may carry the same $id.
    const ajv = isOld ? new Ajv(options) : new Ajv2020(options);
    addFormats.default(ajv, { mode: "fast" });
    const { $schema: _, ...body } = schema;
    const validate = ajv.compile(body);
    return typeof validate === "function" && !("$async" in validate && validate.$async) ? validate : null;
  } catch {
    return null;
  }
}

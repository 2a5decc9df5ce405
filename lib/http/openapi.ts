import { z } from "zod";
import { errors } from "#lib/contract/errors.ts";
import { type OperationId, operations } from "#lib/contract/index.ts";
import { formBody, formSchemas } from "#lib/http/openapi-forms.ts";
import { env } from "#lib/platform/env.ts";

type Schema = Record<string, unknown>;

/** The API described in OpenAPI 3.1, generated from the operation table. @param serverUrl public address of the console */
export function openapi(serverUrl: string): Schema {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const id of Object.keys(operations) as OperationId[]) {
    const operation = operations[id];
    paths[operation.path] = { ...paths[operation.path], [operation.method.toLowerCase()]: operationOf(id) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Ambit",
      version: "1",
      description:
        "Governs what AI systems can reach and do through MCP. Operations of control two answer with a proposed change that a second person confirms.",
    },
    servers: [{ url: `${serverUrl}/api/v1` }],
    security: [{ accessToken: [] }],
    paths,
    components: {
      securitySchemes: {
        accessToken: { type: "http", scheme: "bearer", description: "An access token from Settings" },
      },
      schemas: {
        ...formSchemas(),
        Problem: {
          type: "object",
          required: ["type", "title", "status", "code", "requestId"],
          properties: {
            type: { type: "string" },
            title: { type: "string" },
            status: { type: "integer" },
            code: { type: "string", enum: Object.keys(errors) },
            detail: { type: "string" },
            requestId: { type: "string" },
            issues: {
              type: "array",
              items: { type: "object", properties: { path: { type: "string" }, message: { type: "string" } } },
            },
          },
        },
      },
    },
  };
}

/** `GET /api/v1/openapi.json`; it tells what the API is, nothing of what is in it. */
export function describeApi(): Response {
  return Response.json(openapi(env().AMBIT_URL));
}

function operationOf(id: OperationId): Schema {
  const operation = operations[id];
  const input = schemaOf(operation.input, "input");
  const properties = (input.properties ?? {}) as Record<string, Schema>;
  const required = new Set((input.required ?? []) as string[]);
  const inPath = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? "");
  const rest = Object.keys(properties).filter((name) => !inPath.includes(name));
  const parameters = [
    ...inPath.map((name) => ({ name, in: "path", required: true, schema: properties[name] ?? { type: "string" } })),
    ...(operation.kind === "query"
      ? rest.map((name) => ({ name, in: "query", required: required.has(name), schema: properties[name] }))
      : [{ name: "Idempotency-Key", in: "header", required: false, schema: { type: "string", maxLength: 200 } }]),
  ];
  const body = {
    type: "object",
    additionalProperties: false,
    properties: Object.fromEntries(rest.map((name) => [name, properties[name]])),
    required: rest.filter((name) => required.has(name)),
  };
  return {
    operationId: id,
    summary: operation.summary,
    tags: [id.split(".")[0]],
    "x-action": operation.action,
    "x-control": operation.control,
    parameters,
    ...(operation.kind === "mutation"
      ? { requestBody: { content: { "application/json": { schema: formBody(id, body) ?? body } } } }
      : {}),
    responses: {
      "200": { description: "Done", content: { "application/json": { schema: schemaOf(operation.output, "output") } } },
      default: {
        description: "Refused or failed (RFC 9457)",
        content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
      },
    },
  };
}

function schemaOf(schema: z.ZodType, io: "input" | "output"): Schema {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, {
    io,
    unrepresentable: "any",
    target: "draft-2020-12",
  });
  return rest;
}

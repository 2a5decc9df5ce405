import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type OperationId, operations } from "#lib/contract/index.ts";
import { forms } from "#lib/contract/request-forms.ts";
import { openapi } from "#lib/http/openapi.ts";
import { processEnvironment } from "#lib/platform/env.ts";

type Json = Record<string, unknown>;
type Operation = {
  operationId: string;
  summary: string;
  parameters: { name: string; in: string; required: boolean; schema: Json }[];
  requestBody?: { content: Record<string, { schema: Json }> };
  responses: Record<string, { description: string; content: Record<string, { schema: Json }> }>;
};

const file = join(import.meta.dirname, "../../docs/openapi.json");
const document = openapi("http://127.0.0.1:3000");
const paths = document.paths as Record<string, Record<string, Operation>>;
const all = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

it("docs/openapi.json is what the operation table gives (UPDATE=1 writes it)", async () => {
  const generated = `${JSON.stringify(document, null, 2)}\n`;
  if (processEnvironment().UPDATE === "1") await writeFile(file, generated);
  expect(await readFile(file, "utf8")).toBe(generated);
});

describe("the API's description", () => {
  it("is an OpenAPI 3.1 document with info, paths, a server and a security scheme", () => {
    expect(document).toMatchObject({
      openapi: "3.1.0",
      info: { title: "Ambit", version: expect.any(String) },
      servers: [{ url: "http://127.0.0.1:3000/api/v1" }],
      security: [{ accessToken: [] }],
      components: { securitySchemes: { accessToken: { type: "http", scheme: "bearer" } } },
    });
  });

  it("has every operation of the table once, at its method and path", () => {
    const found = all.map(({ path, method, operation }) => `${operation.operationId} ${method.toUpperCase()} ${path}`);
    const table = (Object.keys(operations) as OperationId[]).map(
      (id) => `${id} ${operations[id].method} ${operations[id].path}`,
    );
    expect(found.sort()).toEqual(table.sort());
  });

  it.each(all)(
    "$method $path declares the fields of its path, each parameter once, and what it answers",
    ({ path, operation }) => {
      const { parameters, responses, requestBody, summary } = operation;
      const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect(parameters.filter((one) => one.in === "path").map(({ name }) => name)).toEqual(named);
      expect(parameters.filter((one) => one.in === "path").every(({ required }) => required)).toBe(true);
      expect(new Set(parameters.map((one) => `${one.in} ${one.name}`)).size).toBe(parameters.length);
      for (const { schema } of parameters) expect(schema).toBeTypeOf("object");
      expect(summary.length).toBeGreaterThan(5);
      expect(responses["200"]?.content["application/json"]?.schema).toMatchObject({ type: "object" });
      expect(responses.default?.content["application/problem+json"]?.schema).toEqual({
        $ref: "#/components/schemas/Problem",
      });
      const body = requestBody?.content["application/json"]?.schema;
      if (body !== undefined && body.oneOf === undefined) {
        const { properties, required } = body as { properties: Json; required: string[] };
        expect(required.every((name) => name in properties)).toBe(true);
        expect(named.some((name) => name !== undefined && name in properties)).toBe(false);
      }
    },
  );

  it("resolves every reference within itself and is plain JSON", () => {
    const text = JSON.stringify(document);
    expect(JSON.parse(text)).toEqual(document);
    for (const [, reference] of text.matchAll(/"\$ref":"([^"]+)"/g)) {
      const at = (reference ?? "").replace(/^#\//, "").split("/");
      expect(
        at.reduce<unknown>((node, name) => (node as Json)?.[name], document),
        reference,
      ).toBeTypeOf("object");
    }
  });
});

describe("the forms of requests", () => {
  const { schemas } = document.components as { schemas: Record<string, Json> };
  const bodyOf = (path: string, method: string) =>
    paths[path]?.[method]?.requestBody?.content["application/json"]?.schema as Json;
  const named = (reference: string) => schemas[reference.split("/").at(-1) ?? ""] as Json;

  it("are told apart by the request's kind, each with the fields of its own", () => {
    const { oneOf, discriminator } = bodyOf("/requests", "post") as {
      oneOf: { $ref: string }[];
      discriminator: { propertyName: string; mapping: Record<string, string> };
    };
    expect(discriminator.propertyName).toBe("kind");
    expect(Object.values(discriminator.mapping)).toEqual(oneOf.map(({ $ref }) => $ref));
    for (const [kind, shape] of Object.entries(forms)) {
      const draft = named(discriminator.mapping[kind] ?? "") as { properties: { kind: Json; form: { $ref: string } } };
      expect(draft.properties.kind).toEqual({ const: kind });
      expect(Object.keys(named(draft.properties.form.$ref).properties as Json)).toEqual(Object.keys(shape.shape));
    }
  });

  it("may be any part of themselves while they are drafts, and say what submitting needs", () => {
    const { form } = bodyOf("/requests/{requestId}", "patch").properties as { form: { anyOf: { $ref: string }[] } };
    expect(form.anyOf).toHaveLength(Object.keys(forms).length);
    for (const { $ref } of form.anyOf) {
      expect(named($ref)).not.toHaveProperty("required");
      expect(named($ref)["x-required-to-submit"]).toEqual(expect.arrayContaining(["durationDays", "purpose"]));
    }
  });
});

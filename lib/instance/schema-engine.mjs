#!/usr/bin/env node
/**
 * Stands in for Prisma's schema-engine binary, which the Prisma CLI would otherwise download: the same engine as WebAssembly,
 * speaking the CLI's protocol (one JSON-RPC 2.0 message per line on stdin and stdout). `prisma.config.ts` points the CLI here.
 * Works for `generate`, `migrate diff` between schemas, `migrate status` and `migrate deploy`. Whatever introspects a database
 * (`migrate dev`, `db pull`) does not: the driver adapter does not know PostgreSQL's internal type "char".
 */
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { PrismaPg } from "@prisma/adapter-pg";
import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";

const { values: options, positionals } = parseArgs({
  strict: false,
  allowPositionals: true,
  options: { datasource: { type: "string" }, datamodels: { type: "string", multiple: true } },
});

// The engine connects as it is made, and a refusal must reach the CLI as an answer: so it is made when first needed.
let engine;

if (positionals.includes("can-connect-to-database")) {
  await makeEngine();
} else {
  for await (const line of createInterface({ input: process.stdin })) await answer(JSON.parse(line));
}
process.exit(0);

async function makeEngine() {
  const glue = await import("@prisma/schema-engine-wasm/schema_engine_bg");
  const wasm = readFileSync(new URL("schema_engine_bg.wasm", import.meta.resolve("@prisma/schema-engine-wasm")));
  const { instance } = await WebAssembly.instantiate(wasm, { "./schema_engine_bg.js": glue });
  glue.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  return glue.SchemaEngine.new({ datamodels: readDatamodels() }, () => {}, databaseAdapter());
}

function readDatamodels() {
  return options.datamodels?.map((path) => [path, readFileSync(path, "utf8")]);
}

function databaseAdapter() {
  const factory = new PrismaPg({ connectionString: JSON.parse(options.datasource ?? "{}").url });
  const connect = factory.connect.bind(factory);
  factory.connect = async () => {
    const connection = await connect();
    // The adapter cuts scripts at every ";", also inside function bodies; PostgreSQL takes a script whole.
    connection.executeScript = async (script) => {
      await connection.underlyingDriver().query(script);
    };
    return connection;
  };
  return bindMigrationAwareSqlAdapterFactory(factory);
}

async function answer({ id, method, params }) {
  if (method === undefined) return; // the CLI's answer to a print request of ours
  try {
    engine ??= await makeEngine();
    const result = await engine[method === "getDatabaseVersion" ? "version" : method](params);
    if (method === "diff" && result.stdout)
      send({ id: id + 1_000, method: "print", params: { content: result.stdout } });
    send({ id, result: result ?? null });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const data = { is_panic: false, message, meta: error?.meta ?? null, error_code: error?.code ?? null };
    send({ id, error: { code: 4466, message, data } });
  }
}

function send(message) {
  process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
}

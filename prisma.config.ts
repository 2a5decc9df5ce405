import { join } from "node:path";
import { defineConfig } from "prisma/config";

// Without this the CLI downloads its engine from a server of its own.
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= join(import.meta.dirname, "lib/instance/schema-engine.mjs");

export default defineConfig({
  schema: "prisma/schema.prisma",
  migrations: { path: "prisma/migrations" },
  // `generate` and `migrate diff` need no database; `migrate deploy` and `migrate status` take the owner's.
  datasource: { url: process.env.DATABASE_URL ?? "postgresql://localhost/ambit" },
});

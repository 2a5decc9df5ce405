import { PrismaPg } from "@prisma/adapter-pg";
import { PrismaClient } from "#lib/db/generated/client.ts";
import { appUrl, createPool } from "#lib/db/pool.ts";
import { env } from "#lib/platform/env.ts";

const connectionsMax = 10;

declare global {
  // Next bundles a module several times over; the process still has one pool.
  var ambitPrisma: PrismaClient | undefined;
}

/** The application's database client (role `ambit_app`), made on first use. */
export function prisma(): PrismaClient {
  globalThis.ambitPrisma ??= createPrisma(appUrl(env()));
  return globalThis.ambitPrisma;
}

/** Closes the connections of `prisma()`; the next use opens new ones. For processes that end, and tests. */
export async function closePrisma(): Promise<void> {
  await globalThis.ambitPrisma?.$disconnect();
  globalThis.ambitPrisma = undefined;
}

/** A client for one connection URL. `$disconnect()` closes its pool. */
export function createPrisma(url: string): PrismaClient {
  const pool = createPool(url, { max: connectionsMax, applicationName: "ambit-app" });
  return new PrismaClient({ adapter: new PrismaPg(pool, { disposeExternalPool: true }) });
}

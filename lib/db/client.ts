import { PrismaPg } from "@prisma/adapter-pg";
import { PrismaClient } from "#lib/db/generated/client.ts";
import { appUrl, createPool, logUrl } from "#lib/db/pool.ts";
import { env } from "#lib/platform/env.ts";

const connectionsMax = 10;

declare global {
  // Next bundles a module several times over; the process still has one pool.
  var ambitPrisma: PrismaClient | undefined;
  var ambitLogPrisma: PrismaClient | undefined;
}

/** The application's database client (role `ambit_app`), made on first use. */
export function prisma(): PrismaClient {
  globalThis.ambitPrisma ??= createPrisma(appUrl(env()));
  return globalThis.ambitPrisma;
}

/** The sequencer's database client (role `ambit_log`: reads events, adds to the log), made on first use. */
export function logPrisma(): PrismaClient {
  globalThis.ambitLogPrisma ??= createPrisma(logUrl(env()));
  return globalThis.ambitLogPrisma;
}

/** Closes the connections of both clients; the next use opens new ones. For processes that end, and tests. */
export async function closePrisma(): Promise<void> {
  await Promise.all([globalThis.ambitPrisma?.$disconnect(), globalThis.ambitLogPrisma?.$disconnect()]);
  globalThis.ambitPrisma = undefined;
  globalThis.ambitLogPrisma = undefined;
}

/** A client for one connection URL. `$disconnect()` closes its pool. */
export function createPrisma(url: string): PrismaClient {
  const pool = createPool(url, { max: connectionsMax, applicationName: "ambit-app" });
  return new PrismaClient({ adapter: new PrismaPg(pool, { disposeExternalPool: true }) });
}

import { createHmac } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import type { Env } from "#lib/platform/env.ts";

/** The login roles beside the owner: `ambit_app` (web and worker), `ambit_gateway`, and `ambit_log` (the sequencer in the worker). */
export type LoginRole = "ambit_app" | "ambit_gateway" | "ambit_log";

/** Bounds of a pool. */
export interface PoolOptions {
  /** Connections at most. */
  max: number;
  /** Shown in `pg_stat_activity`. */
  applicationName: string;
}

const reconnectMsMin = 100;
const reconnectMsMax = 2_000;

/** A pool of connections; connecting gives up after 5 s. Close it with `end()`. */
export function createPool(url: string, { max, applicationName }: PoolOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    application_name: applicationName,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
  });
  // A broken idle connection is replaced at its next use; without a listener it would end the process.
  pool.on("error", () => {});
  return pool;
}

/** A running subscription. */
export interface Listener {
  /** Unsubscribes and closes the connection. */
  close(): Promise<void>;
}

/**
 * LISTENs on channels over a connection of its own and keeps reconnecting (0.1 to 2 s apart) until closed. Resolves at once.
 * @param onNotify called for every notification, in order
 * @param onConnected called each time the subscription stands, the first included: what was sent before it was missed
 * @param onLost called when the subscription broke
 */
export function listen(
  url: string,
  channels: readonly string[],
  onNotify: (channel: string, payload: string) => void,
  onConnected: () => void,
  onLost: (error: Error | undefined) => void = () => {},
): Listener {
  const closing = new AbortController();
  const running = keepListening();
  return {
    async close() {
      closing.abort();
      await running;
    },
  };

  async function keepListening(): Promise<void> {
    let waitMs = reconnectMsMin;
    while (!closing.signal.aborted) {
      const error = await listenOnce(() => {
        waitMs = reconnectMsMin;
        onConnected();
      });
      if (closing.signal.aborted) return;
      onLost(error);
      await sleep(waitMs, undefined, { signal: closing.signal }).catch(() => undefined);
      waitMs = Math.min(waitMs * 2, reconnectMsMax);
    }
  }

  /** One connection from birth to death; resolves with what ended it. */
  async function listenOnce(connected: () => void): Promise<Error | undefined> {
    const client = new pg.Client({
      connectionString: url,
      application_name: "ambit-listen",
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
    });
    let failure: Error | undefined;
    const over = new Promise<void>((resolve) => {
      client.once("end", resolve);
      client.on("error", (error) => {
        failure ??= error;
        resolve();
      });
      closing.signal.addEventListener("abort", () => resolve(), { once: true });
    });
    client.on("notification", ({ channel, payload }) => onNotify(channel, payload ?? ""));
    try {
      await client.connect();
      for (const channel of channels) await client.query(`listen ${client.escapeIdentifier(channel)}`);
      connected();
      await over;
    } catch (error) {
      failure ??= error instanceof Error ? error : new Error(String(error));
    }
    await client.end().catch(() => undefined);
    return failure;
  }
}

/** Connection of web and worker: AMBIT_APP_DATABASE_URL, or DATABASE_URL with role `ambit_app`. */
export function appUrl(settings: Env): string {
  return settings.AMBIT_APP_DATABASE_URL ?? loginUrl(ownerUrl(settings), "ambit_app");
}

/** Connection of the gateway: AMBIT_GATEWAY_DATABASE_URL, or DATABASE_URL with role `ambit_gateway`. */
export function gatewayUrl(settings: Env): string {
  return settings.AMBIT_GATEWAY_DATABASE_URL ?? loginUrl(ownerUrl(settings), "ambit_gateway");
}

/** Connection of the sequencer: AMBIT_LOG_DATABASE_URL, or DATABASE_URL with role `ambit_log`. */
export function logUrl(settings: Env): string {
  return settings.AMBIT_LOG_DATABASE_URL ?? loginUrl(ownerUrl(settings), "ambit_log");
}

/** The owner's connection with another role in it. The owner needs no password (peer, trust)? Then neither does the role. */
export function loginUrl(ownerUrl: string, role: LoginRole): string {
  const url = new URL(ownerUrl);
  url.username = role;
  url.password = rolePassword(ownerUrl, role) ?? "";
  return url.href;
}

/** hex HMAC-SHA256(owner's password, role): whoever may connect as owner can also name the roles' passwords, nobody else. */
export function rolePassword(ownerUrl: string, role: LoginRole): string | undefined {
  const password = decodeURIComponent(new URL(ownerUrl).password);
  return password === "" ? undefined : createHmac("sha256", password).update(role).digest("hex");
}

function ownerUrl({ DATABASE_URL }: Env): string {
  if (DATABASE_URL === undefined) throw new Error("DATABASE_URL is not set (npm start sets it for each process).");
  return DATABASE_URL;
}

import { lookup as systemLookup } from "node:dns/promises";
import type { IncomingHttpHeaders } from "node:http";
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { createSecureContext, getCACertificates } from "node:tls";
import { Agent, buildConnector, type Dispatcher } from "undici";
import type { TlsIdentity } from "#lib/core/inspection/snapshot.ts";
import { ChannelError } from "#lib/mcp/channel.ts";
import {
  type AllowedHost,
  isListed,
  isLiteral,
  isReachable,
  readTarget,
  type Target,
} from "#lib/mcp/egress/address.ts";
import { toChannelError } from "#lib/mcp/egress/failure.ts";
import { peerOf } from "#lib/mcp/egress/peer.ts";

/** Every refusal and every failed name resolution takes this long, so that its timing says nothing about internal names. */
export const refusalMs = 1_500;

const addressesTriedMax = 4;

/** All addresses (A and AAAA) of a name; rejects when there is none. */
export type Lookup = (host: string) => Promise<readonly string[]>;

export type EgressOptions = {
  /** Read again for every request: what an administrator closes is closed for the next request. */
  allowList: () => readonly AllowedHost[];
  /** Name resolution; the system's unless tests bring a network of their own. */
  lookup?: Lookup;
  /** Additional trusted certificate authorities, PEM. */
  ca?: string;
  connectTimeoutMs?: number;
};

export type EgressRequest = {
  method: "GET" | "POST" | "DELETE";
  headers: Readonly<Record<string, string>>;
  body?: string | Buffer;
  signal: AbortSignal;
};

/** An answer; a redirect is an answer like any other and is not followed. The caller must consume or destroy `body`. */
export type EgressResponse = Pick<Dispatcher.ResponseData, "statusCode" | "headers" | "body">;

/** Hears an answer piece by piece, without a stream in between. Nothing is heard after `end` or `failed`. */
export type EgressReceiver = {
  head(statusCode: number, headers: IncomingHttpHeaders): void;
  data(chunk: Buffer): void;
  end(): void;
  failed(error: ChannelError): void;
};

/** The one way out to other people's servers. */
export type Egress = {
  /** As `request`, for the hot path: what arrives goes straight to `receiver`. Returns how to stop, after which nothing more is heard. */
  send(url: string, request: Omit<EgressRequest, "signal">, receiver: EgressReceiver): () => void;
  /** @throws ChannelError (`egress_refused`, `unreachable`, `tls_invalid`, `timeout`, …) */
  request(url: string | URL, request: EgressRequest): Promise<EgressResponse>;
  /** The certificate last seen at a URL's origin; null without TLS or before the first connection. */
  peer(url: string | URL): TlsIdentity | null;
  close(): Promise<void>;
};

/**
 * Builds the guarded way out (SSRF): https only, every resolved address checked, the socket opened to the very address that was checked,
 * no redirects. Hosts on the allow-list may also be private, and may be plain http. A refused name and an unknown name give the same answer
 * after the same time.
 */
export function createEgress(options: EgressOptions): Egress {
  const peers = new Map<string, TlsIdentity | null>();
  const readKnown = rememberTargets();
  // One pool each: a connection opened by virtue of the allow-list is never reused once its host is off the list.
  const agents = { listed: agent(true), unlisted: agent(false) };

  function agent(listed: boolean): Agent {
    return new Agent({
      connect: guardedConnect(options, listed, (origin, socket) => peers.set(origin, peerOf(socket))),
      allowH2: false,
      // per host, so that no server can use up the descriptors of this process
      connections: 128,
      maxHeaderSize: 32_768,
      headersTimeout: 300_000,
      bodyTimeout: 300_000,
    });
  }

  /** Where a request may go now, and through which pool; null for nowhere. */
  function wayTo(url: string | URL): { dispatcher: Agent; origin: string; path: string } | null {
    const known = readKnown(url);
    const listed = known !== null && isListed(known.target, options.allowList());
    if (known === null || (!known.target.secure && !listed)) return null;
    return { dispatcher: listed ? agents.listed : agents.unlisted, origin: known.origin, path: known.path };
  }

  return {
    send(url, { method, headers, body }, receiver) {
      const way = wayTo(url);
      let controller: Dispatcher.DispatchController | null = null;
      let over = false;
      function stop(): void {
        over = true;
        controller?.abort(new ChannelError("timeout"));
      }
      function fail(error: unknown): void {
        if (over) return;
        over = true;
        receiver.failed(toChannelError(error));
      }
      if (way === null) {
        refuse(Date.now()).catch(fail);
        return stop;
      }
      const { dispatcher, origin, path } = way;
      dispatcher.dispatch(
        { origin, path, method, headers, body: body ?? null },
        {
          onRequestStart(started) {
            controller = started;
            if (over) stop();
          },
          onResponseStart(_, statusCode, answered) {
            if (!over && statusCode >= 200) receiver.head(statusCode, answered);
          },
          onResponseData(_, chunk) {
            if (!over) receiver.data(chunk);
          },
          onResponseEnd() {
            if (over) return;
            over = true;
            receiver.end();
          },
          onResponseError: (_, error) => fail(error),
        },
      );
      return stop;
    },
    async request(url, { method, headers, body, signal }) {
      const way = wayTo(url);
      if (way === null) return refuse(Date.now());
      try {
        const response = await way.dispatcher.request({
          origin: way.origin,
          path: way.path,
          method,
          headers,
          body: body ?? null,
          signal,
        });
        // A body that is dropped unread reports that as an error; nobody else may be listening.
        response.body.on("error", () => undefined);
        return response;
      } catch (error) {
        throw toChannelError(error);
      }
    },
    peer(url) {
      const target = readTarget(url);
      return (target && peers.get(target.url.origin)) ?? null;
    },
    async close() {
      await Promise.all([agents.listed.destroy(), agents.unlisted.destroy()]);
    },
  };
}

/** A URL as it was read once: reading is pure, so it never goes stale. Whether the host is listed is asked for every request. */
type KnownTarget = { readonly target: Target; readonly origin: string; readonly path: string };

const targetsMax = 1_000;

/** Reads URLs, those given as text once only. */
function rememberTargets(): (url: string | URL) => KnownTarget | null {
  const known = new Map<string, KnownTarget | null>();
  return (url) => {
    const text = String(url);
    const before = known.get(text);
    if (before !== undefined) return before;
    const target = readTarget(text);
    const { origin = "", pathname = "", search = "" } = target?.url ?? {};
    const read = target && { target, origin, path: pathname + search };
    if (known.size >= targetsMax) known.clear();
    known.set(text, read);
    return read;
  };
}

function guardedConnect(
  { lookup = resolveAll, ca, connectTimeoutMs = 5_000 }: EgressOptions,
  listed: boolean,
  onConnected: (origin: string, socket: Socket) => void,
): buildConnector.connector {
  // No session cache: a resumed session does not show the certificate again.
  const open = buildConnector({
    allowH2: false,
    maxCachedSessions: 0,
    timeout: connectTimeoutMs,
    ...(ca ? { secureContext: createSecureContext({ ca: [...getCACertificates(), ca] }) } : {}),
  });
  return (wanted, callback) => {
    const target = readTarget(`${wanted.protocol}//${wanted.host ?? wanted.hostname}`);
    connect(target, wanted).then(
      (socket) => callback(null, socket),
      (error: unknown) => callback(toChannelError(error), null),
    );
  };

  async function connect(target: Target | null, wanted: buildConnector.Options): Promise<Socket> {
    const started = Date.now();
    const addresses = target === null ? [] : await resolve(target.host, started);
    if (target === null || addresses.length === 0 || !addresses.every((address) => isReachable(address, listed)))
      return refuse(started);
    let failure: unknown;
    for (const address of addresses.slice(0, addressesTriedMax)) {
      try {
        const socket = await openSocket(open, {
          ...wanted,
          hostname: address,
          servername: isLiteral(target.host) ? "" : target.host,
        });
        onConnected(target.url.origin, socket);
        return socket;
      } catch (error) {
        failure = error;
      }
    }
    throw toChannelError(failure);
  }

  async function resolve(host: string, started: number): Promise<readonly string[]> {
    if (isLiteral(host)) return [host];
    const late = sleep(Math.max(0, started + refusalMs - Date.now()), [], { ref: false });
    return Promise.race([lookup(host).catch(() => []), late]);
  }
}

async function openSocket(open: buildConnector.connector, options: buildConnector.Options): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  open(options, (error, socket) => {
    if (socket) resolve(socket);
    else reject(error ?? new Error("no socket"));
  });
  return promise;
}

/** The one refusal: same error, same duration since `started`, whatever the reason. */
async function refuse(started: number): Promise<never> {
  await sleep(Math.max(0, started + refusalMs - Date.now()));
  throw new ChannelError("egress_refused");
}

async function resolveAll(host: string): Promise<readonly string[]> {
  const found = await systemLookup(host, { all: true, order: "verbatim" });
  return found.map(({ address }) => address);
}

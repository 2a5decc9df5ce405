import type { JsonObject, JsonValue } from "#lib/core/canonical.ts";
import { isJsonObject } from "#lib/core/inspection/json.ts";
import {
  type Capability,
  type CapabilityKind,
  orderCapabilities,
  type ServerDescription,
  type ServerIdentity,
  type ServerSnapshot,
} from "#lib/core/inspection/snapshot.ts";
import { ChannelError, HandshakeRefused, type McpChannel, RpcError } from "#lib/mcp/channel.ts";
import { modernVersion, serverInfoKey } from "#lib/mcp/http/envelope.ts";

/** Protocol revisions of the handshake era that Ambit speaks to servers, newest first; the first is offered. */
export const legacyVersions: readonly string[] = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"];

/** Bounds of one look at a server. Times in milliseconds. */
export const snapshotLimits = { itemsMax: 5_000, pagesMax: 100, requestMs: 10_000, totalMs: 30_000 } as const;

/** How long to wait and when to stop; absent values take `snapshotLimits`. */
export type SnapshotBounds = { signal?: AbortSignal; requestMs?: number; totalMs?: number };

type Listing = { capability: string; method: string; items: string; kind: CapabilityKind; nameField: string };

const listings: readonly Listing[] = [
  { capability: "tools", method: "tools/list", items: "tools", kind: "tool", nameField: "name" },
  { capability: "resources", method: "resources/list", items: "resources", kind: "resource", nameField: "uri" },
  {
    capability: "resources",
    method: "resources/templates/list",
    items: "resourceTemplates",
    kind: "resource_template",
    nameField: "uriTemplate",
  },
  { capability: "prompts", method: "prompts/list", items: "prompts", kind: "prompt", nameField: "name" },
];

/**
 * Looks at a server once: an introduction, then every list that it declares, page by page, within `snapshotLimits`.
 * Closes the channel in every case.
 * @param identity turns what the server says about itself into the full identity (address and certificate, or package)
 * @param introduce how the server says who it is: `initialize` in the handshake era, `discover` in the stateless one
 * @throws HandshakeRefused when `initialize` is refused as a server of the stateless era would
 * @throws ChannelError with `looping` (repeated cursor, too many pages), `too_large` (too many items), `not_mcp`, `protocol_error`, `timeout` …
 */
export async function takeSnapshot(
  channel: McpChannel,
  identity: (described: ServerDescription) => ServerIdentity,
  bounds: SnapshotBounds = {},
  introduce: Introduce = initialize,
): Promise<ServerSnapshot> {
  const total = AbortSignal.timeout(bounds.totalMs ?? snapshotLimits.totalMs);
  const signal = bounds.signal ? AbortSignal.any([bounds.signal, total]) : total;
  const request = (method: string, params?: JsonObject) =>
    channel.request(method, params, { timeoutMs: bounds.requestMs ?? snapshotLimits.requestMs, signal });
  try {
    const described = await introduce(request, channel);
    const capabilities: Capability[] = [];
    for (const listing of listings) {
      if (!isJsonObject(described.capabilities[listing.capability])) continue;
      const room = snapshotLimits.itemsMax - capabilities.length;
      for (const item of await listAll(request, listing, room)) capabilities.push(toCapability(item, listing));
    }
    return { identity: identity(described), capabilities: orderCapabilities(capabilities) };
  } catch (error) {
    if (error instanceof RpcError) throw new ChannelError("protocol_error", { cause: error });
    throw error;
  } finally {
    await channel.close();
  }
}

type Request = (method: string, params?: JsonObject) => Promise<JsonValue>;
type Introduce = (request: Request, channel: McpChannel) => Promise<ServerDescription>;

/** Codes of an error that answers `initialize` where there is no handshake: method not found, unsupported protocol version. */
const handshakeRefusals: ReadonlySet<number> = new Set([-32601, -32022]);

async function initialize(request: Request, channel: McpChannel): Promise<ServerDescription> {
  const result = await request("initialize", {
    protocolVersion: legacyVersions[0] ?? null,
    capabilities: {},
    clientInfo: { name: "ambit", version: "1" },
  }).catch((error: unknown) => {
    if (!(error instanceof RpcError)) throw error;
    const Failure = handshakeRefusals.has(error.rpcCode) ? HandshakeRefused : ChannelError;
    throw new Failure("not_mcp", { cause: error });
  });
  if (!isJsonObject(result)) throw new ChannelError("not_mcp");
  const { protocolVersion, serverInfo, capabilities, instructions } = result;
  if (typeof protocolVersion !== "string" || !isJsonObject(capabilities)) throw new ChannelError("not_mcp");
  if (!legacyVersions.includes(protocolVersion)) throw new ChannelError("protocol_error");
  if (instructions !== undefined && typeof instructions !== "string") throw new ChannelError("protocol_error");
  await channel.notify("notifications/initialized");
  return {
    protocolVersion,
    serverInfo: isJsonObject(serverInfo) ? serverInfo : {},
    instructions: instructions ?? null,
    capabilities,
  };
}

/** Who a server of MCP 2026-07-28 says that it is. Its hints for caches are no part of that. */
export async function discover(request: Request): Promise<ServerDescription> {
  const result = await request("server/discover").catch((error: unknown) => {
    throw error instanceof RpcError ? new ChannelError("not_mcp", { cause: error }) : error;
  });
  if (!isJsonObject(result)) throw new ChannelError("not_mcp");
  const { supportedVersions, capabilities, instructions, _meta } = result;
  if (!Array.isArray(supportedVersions) || !isJsonObject(capabilities)) throw new ChannelError("not_mcp");
  if (!supportedVersions.includes(modernVersion)) throw new ChannelError("protocol_error");
  if (instructions !== undefined && typeof instructions !== "string") throw new ChannelError("protocol_error");
  const serverInfo = isJsonObject(_meta) ? _meta[serverInfoKey] : undefined;
  return {
    protocolVersion: modernVersion,
    serverInfo: isJsonObject(serverInfo) ? serverInfo : {},
    instructions: instructions ?? null,
    capabilities,
  };
}

async function listAll(request: Request, { method, items, kind }: Listing, room: number): Promise<JsonObject[]> {
  const found: JsonObject[] = [];
  const cursors = new Set<string>();
  let params: JsonObject | undefined;
  for (let page = 1; page <= snapshotLimits.pagesMax; page += 1) {
    const answer = await request(method, params).catch((error: unknown) => {
      // Servers that declare resources often have no templates and answer "method not found".
      if (kind === "resource_template" && error instanceof RpcError && error.rpcCode === -32601) return { [items]: [] };
      throw error;
    });
    const list = isJsonObject(answer) ? answer[items] : undefined;
    if (!isJsonObject(answer) || !Array.isArray(list)) throw new ChannelError("protocol_error");
    if (!list.every(isJsonObject)) throw new ChannelError("protocol_error");
    found.push(...list);
    if (found.length > room) throw new ChannelError("too_large");
    const cursor = answer.nextCursor;
    if (typeof cursor !== "string") return found;
    if (cursors.has(cursor)) break;
    cursors.add(cursor);
    params = { cursor };
  }
  throw new ChannelError("looping");
}

function toCapability(definition: JsonObject, { kind, nameField }: Listing): Capability {
  const name = definition[nameField];
  if (typeof name !== "string" || name === "") throw new ChannelError("protocol_error");
  return { kind, name, definition };
}

import type { JsonObject } from "#lib/core/canonical.ts";
import type { Capability, ServerSnapshot } from "#lib/core/inspection/snapshot.ts";

/** A tool with a description and arguments, every argument a string unless a schema is given. */
export function toolOf(
  name: string,
  description = "",
  args: Record<string, JsonObject | string> = {},
  more: JsonObject = {},
): Capability {
  const properties = Object.fromEntries(
    Object.entries(args).map(([arg, schema]) => [
      arg,
      typeof schema === "string" ? { type: "string", description: schema } : schema,
    ]),
  );
  return {
    kind: "tool",
    name,
    definition: {
      name,
      description,
      inputSchema: { type: "object", properties, additionalProperties: false },
      ...more,
    },
  };
}

/** A snapshot of an https server with these capabilities. */
export function snapshotOf(capabilities: Capability[], instructions: string | null = null): ServerSnapshot {
  return {
    identity: {
      transport: "streamable-http",
      url: "https://server.example/mcp",
      host: "server.example",
      tls: {
        subject: "CN=server.example",
        issuer: "CN=Authority",
        validFrom: "2026-01-01T00:00:00.000Z",
        validTo: "2027-01-01T00:00:00.000Z",
        spkiSha256: "ab".repeat(32),
        alpn: "http/1.1",
        authorized: true,
      },
      protocolVersion: "2025-11-25",
      serverInfo: { name: "server", version: "1.0.0" },
      instructions,
      capabilities: { tools: {} },
    },
    capabilities,
  };
}

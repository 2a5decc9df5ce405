import type { JsonObject } from "#lib/core/canonical.ts";
import { createEgress } from "#lib/mcp/egress/guard.ts";
import { probeHttp } from "#lib/mcp/probe.ts";
import { seal } from "#lib/platform/seal.ts";
import { type ModernOptions, startModernServer } from "#tests/fixtures/mcp-servers/modern-server.ts";
import type { World } from "#tests/gateway/world.ts";

/** The credential of a server that demands one. */
export const canary = "canary-8d02f1";

/** A server of the stateless era, inspected and approved as it is, and an agent of the handshake era in front of it. */
export async function approveModern(world: World, options: ModernOptions = {}) {
  const server = await startModernServer(options);
  const egress = createEgress({ allowList: () => [{ host: "127.0.0.1", port: server.port }] });
  const credential =
    options.token === undefined ? {} : { credential: { headers: { authorization: `Bearer ${canary}` } } };
  const seen = await probeHttp({ url: server.url, egress, era: "modern", ...credential });
  await egress.close();
  if (seen.outcome !== "ok") throw new Error(seen.message);
  const tools = seen.snapshot.capabilities.filter(({ kind }) => kind === "tool").map(({ definition }) => definition);
  await world.estate.allow(server.port);
  const identity = seen.snapshot.identity as unknown as JsonObject;
  const connector = await world.estate.connector({ url: server.url, tools, identity });
  if (options.token !== undefined) {
    const secret = JSON.stringify({ kind: "header", name: "Authorization", value: `Bearer ${canary}` });
    const { host } = new URL(server.url);
    await world.estate.credential(connector.id, host, "header", seal(world.seal.publicKey, secret));
  }
  const agentId = await world.agent();
  await world.estate.grant({ agentId, connector });
  await world.ready();
  const client = await world.connect(agentId, connector);
  const call = (name: string, args: JsonObject = {}) => client.callTool({ name, arguments: args });
  const rows = async (type: string) => (await world.events(type)).filter((row) => row.agent_id === agentId);
  return { server, connector, agentId, client, call, rows, tools };
}

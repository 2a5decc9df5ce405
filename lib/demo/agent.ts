import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { McpError } from "@modelcontextprotocol/sdk/types.js";
import { fetchAgentToken, type PrivateJwk } from "#lib/client/agent-token.ts";
import type { OutputOf } from "#lib/contract/index.ts";

/** What an agent needs to be itself: its id, where its tokens come from, its private key. */
export type AgentIdentity = { connect: OutputOf<"agents.get">["connect"]; privateJwk: PrivateJwk };

/** What became of one call: its result, or the gateway's refusal with its machine-readable reason. */
export type Attempt =
  | { permitted: true; text: string; isError: boolean }
  | { permitted: false; code: number; reason: string; data: Record<string, unknown>; message: string };

/** A short-lived token for one MCP endpoint. @throws AgentTokenError */
export async function tokenFor({ connect, privateJwk }: AgentIdentity, endpoint: string): Promise<string> {
  const { tokenEndpoint, issuer, clientId } = connect;
  return (await fetchAgentToken({ tokenEndpoint, issuer, clientId, privateJwk, resource: endpoint })).accessToken;
}

/** Connects a stock MCP client, as the agent. Close it after use. */
export async function connectAs(agent: AgentIdentity, endpoint: string): Promise<Client> {
  const headers = { authorization: `Bearer ${await tokenFor(agent, endpoint)}` };
  const transport = new StreamableHTTPClientTransport(new URL(endpoint), { requestInit: { headers } });
  const client = new Client({ name: "ambit-demo-agent", version: "1" });
  // The SDK's transport types do not know exactOptionalPropertyTypes.
  await client.connect(transport as unknown as Parameters<Client["connect"]>[0]);
  return client;
}

/** Calls a tool; a refusal is an answer, not an exception. */
export async function attempt(client: Client, name: string, args: Record<string, unknown>): Promise<Attempt> {
  try {
    const { content, isError } = await client.callTool({ name, arguments: args });
    const texts = Array.isArray(content) ? content.map((part: unknown) => String(Object(part).text ?? "")) : [];
    return { permitted: true, text: texts.join("\n"), isError: isError === true };
  } catch (error) {
    if (!(error instanceof McpError)) throw error;
    const data = Object(error.data) as Record<string, unknown>;
    return { permitted: false, code: error.code, reason: String(data.reason), data, message: error.message };
  }
}

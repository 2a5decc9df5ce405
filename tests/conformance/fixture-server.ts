import {
  type ListPromptsResult,
  type ListResourcesResult,
  type ListResourceTemplatesResult,
  type ListToolsResult,
  ProtocolError,
  Server,
} from "@modelcontextprotocol/server";
import { prompts, readResource } from "#tests/conformance/fixture-content.ts";
import {
  fixtureCapabilities,
  fixtureName,
  fixturePrompts,
  fixtureResources,
  fixtureTemplates,
  fixtureTools,
} from "#tests/conformance/fixture-definitions.ts";
import { states, type ToolUse, tools } from "#tests/conformance/fixture-tools.ts";

const invalidParams = -32602;

/**
 * A server with everything that the conformance suite asks for, for one session (2025-11-25) or one request (2026-07-28).
 * @param announce tells listeners that a list changed; without it the session itself is told
 */
export function createFixtureServer(announce?: (list: "tools" | "prompts") => void): Server {
  const server = new Server(
    { name: fixtureName, version: "1.0.0" },
    { capabilities: fixtureCapabilities, requestState: { verify: states.verify } },
  );
  const tell: ToolUse["announce"] = async (list) => {
    if (announce !== undefined) announce(list);
    else if (list === "tools") await server.sendToolListChanged();
    else await server.sendPromptListChanged();
  };
  // the definitions are plain JSON, so that a registry can hold exactly what is served
  server.setRequestHandler("tools/list", () => ({ tools: fixtureTools }) as unknown as ListToolsResult);
  server.setRequestHandler("prompts/list", () => ({ prompts: fixturePrompts }) as unknown as ListPromptsResult);
  server.setRequestHandler("resources/list", () => ({ resources: fixtureResources }) as unknown as ListResourcesResult);
  server.setRequestHandler(
    "resources/templates/list",
    () => ({ resourceTemplates: fixtureTemplates }) as unknown as ListResourceTemplatesResult,
  );
  server.setRequestHandler("tools/call", ({ params }, context) => {
    const tool = tools[params.name];
    if (tool === undefined) throw new ProtocolError(invalidParams, `Unknown tool: ${params.name}`);
    return tool(params.arguments ?? {}, { context, announce: tell });
  });
  server.setRequestHandler("prompts/get", ({ params }, context) => {
    const prompt = prompts[params.name];
    if (prompt === undefined) throw new ProtocolError(invalidParams, `Unknown prompt: ${params.name}`);
    return prompt(params.arguments ?? {}, context);
  });
  server.setRequestHandler("resources/read", ({ params: { uri } }) => {
    const found = readResource(uri);
    if (found === null) throw new ProtocolError(invalidParams, "Resource not found", { uri });
    return found;
  });
  server.setRequestHandler("resources/subscribe", () => ({}));
  server.setRequestHandler("resources/unsubscribe", () => ({}));
  server.setRequestHandler("completion/complete", () => ({ completion: { values: [], total: 0, hasMore: false } }));
  return server;
}

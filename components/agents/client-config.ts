/** MCP clients that Ambit writes a ready configuration for. */
export const clients = ["claude", "cursor", "vscode", "other"] as const;
export type Client = (typeof clients)[number];

/** The environment variable that the configurations take the agent's token from. */
export const tokenVariable = "AMBIT_AGENT_TOKEN";

/** The configuration of a client for one MCP endpoint, with the file it goes into. The token is never written into it. */
export function clientConfig(client: Client, name: string, url: string): { file: string; text: string } {
  switch (client) {
    case "claude":
      return {
        file: ".mcp.json",
        text: json({ mcpServers: { [name]: { type: "http", url, headers: bearer(`\${${tokenVariable}}`) } } }),
      };
    case "cursor":
      return {
        file: ".cursor/mcp.json",
        text: json({ mcpServers: { [name]: { url, headers: bearer(`\${env:${tokenVariable}}`) } } }),
      };
    case "vscode":
      return {
        file: ".vscode/mcp.json",
        text: json({
          inputs: [{ type: "promptString", id: "ambit-token", description: "Ambit agent token", password: true }],
          // biome-ignore lint/suspicious/noTemplateCurlyInString: the client fills this placeholder
          servers: { [name]: { type: "http", url, headers: bearer("${input:ambit-token}") } },
        }),
      };
    case "other":
      return {
        file: "mcp.json",
        text: json({ mcpServers: { [name]: { url, headers: bearer(`\${${tokenVariable}}`) } } }),
      };
  }
}

function bearer(token: string) {
  return { Authorization: `Bearer ${token}` };
}

function json(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

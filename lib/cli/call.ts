import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { McpError } from "@modelcontextprotocol/sdk/types.js";
import { Command } from "commander";
import { tokenFor } from "#lib/cli/agent.ts";
import { print } from "#lib/cli/output.ts";

type Options = { agent?: string; key?: string; endpoint: string; bearer?: string };

/** `ambit mcp-tools`: what an agent sees through the gateway. */
export function toolsCommand(): Command {
  return asAgent(new Command("mcp-tools").description("As an agent: list the tools that the gateway shows it")).action(
    async (options: Options) => {
      await withClient(options, async (client) =>
        print((await client.listTools()).tools.map(({ name, description }) => ({ name, description }))),
      );
    },
  );
}

/** `ambit call`: one real call through the gateway, with a stock MCP client. */
export function callCommand(): Command {
  return asAgent(new Command("call").description("As an agent: call a tool through the gateway"))
    .argument("<tool>")
    .option("--args <json>", "the arguments as a JSON object", "{}")
    .action(async (tool: string, options: Options & { args: string }) => {
      const args = JSON.parse(options.args) as Record<string, unknown>;
      await withClient(options, async (client) => {
        const result = await client.callTool({ name: tool, arguments: args });
        print(result);
        if (result.isError === true) process.exitCode = 1;
      });
    });
}

function asAgent(command: Command): Command {
  return command
    .requiredOption("--endpoint <url>", "the MCP endpoint, e.g. http://127.0.0.1:4000/mcp/s/everything")
    .option("--agent <id>", "the agent's id (agt_…)")
    .option("--key <file>", "the file that agent keygen wrote")
    .option("--bearer <token>", "a token from agent token, in place of --agent and --key");
}

async function withClient(options: Options, use: (client: Client) => Promise<void>): Promise<void> {
  const { agent, key, endpoint } = options;
  if (options.bearer === undefined && (agent === undefined || key === undefined))
    throw new Error("Give --agent and --key, or --bearer.");
  const bearer = options.bearer ?? (await tokenFor({ agent: agent ?? "", key: key ?? "", endpoint })).accessToken;
  const transport = new StreamableHTTPClientTransport(new URL(endpoint), {
    requestInit: { headers: { authorization: `Bearer ${bearer}` } },
  });
  const client = new Client({ name: "ambit-cli", version: "1" });
  try {
    // The SDK's transport types do not know exactOptionalPropertyTypes.
    await client.connect(transport as Parameters<Client["connect"]>[0]);
    await use(client);
    await transport.terminateSession();
  } catch (error) {
    if (!(error instanceof McpError)) throw error;
    process.stderr.write(`${error.message}\n`);
    if (error.data !== undefined) process.stderr.write(`${JSON.stringify(error.data, null, 2)}\n`);
    process.exitCode = 1;
  } finally {
    await client.close();
  }
}

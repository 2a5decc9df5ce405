import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport, StreamableHTTPError } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { McpError } from "@modelcontextprotocol/sdk/types.js";
import { Command } from "commander";
import { z } from "zod";
import { tokenFor } from "#lib/cli/agent.ts";
import { CliError, exitCodes, print, readJson, show } from "#lib/cli/output.ts";

type Options = { agent?: string; key?: string; endpoint: string; bearer?: string };

const RpcError = z.looseObject({ code: z.number(), message: z.string() });
const Refusal = z.object({
  reason: z.string(),
  message: z.string(),
  whatToDo: z.string(),
  decisionId: z.string().nullable(),
  requestAccess: z.string().optional(),
  pointer: z.string().optional(),
  issues: z.array(z.object({ pointer: z.string(), message: z.string() })).default([]),
});

/** `ambit mcp-tools`: what an agent sees through the gateway. */
export function toolsCommand(): Command {
  return asAgent(new Command("mcp-tools").description("As an agent: list the tools that the gateway shows it")).action(
    async (options: Options, command: Command) => {
      await withClient(options, async (client) => {
        const { tools } = await client.listTools();
        show(
          tools.map(({ name, description }) => ({ name, description })),
          command,
        );
      });
    },
  );
}

/** `ambit call`: one real call through the gateway, with a stock MCP client. */
export function callCommand(): Command {
  return asAgent(new Command("call").description("As an agent: call a tool through the gateway"))
    .argument("<tool>")
    .option("--args <json>", "the arguments as a JSON object", "{}")
    .action(async (tool: string, options: Options & { args: string }) => {
      const args = readJson(options.args, "--args") as Record<string, unknown>;
      await withClient(options, async (client) => {
        const result = await client.callTool({ name: tool, arguments: args });
        print(result);
        if (result.isError === true) process.exitCode = exitCodes.refused;
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
    throw new CliError("Give --agent and --key, or --bearer.");
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
    throw refusalOf(error) ?? error;
  } finally {
    await client.close();
  }
}

/** The gateway's refusal in words; null for what is none. Before a session it may be the body of an HTTP error. */
function refusalOf(error: unknown): CliError | null {
  if (!(error instanceof McpError || error instanceof StreamableHTTPError)) return null;
  const { code, message, data } = error instanceof McpError ? error : bodyOf(error);
  const told = Refusal.safeParse(data);
  const isTrouble =
    (error instanceof StreamableHTTPError && Number(error.code) >= 500) || /^50\d{3}$/.test(String(code));
  const exitCode = isTrouble ? exitCodes.failed : exitCodes.refused;
  if (!told.success) return new CliError(message, exitCode);
  const { reason, whatToDo, issues, pointer, decisionId, requestAccess } = told.data;
  const lines = [
    `Refused: ${reason}`,
    told.data.message,
    ...issues.map((issue) => `  ${issue.pointer === "" ? "arguments" : issue.pointer}: ${issue.message}`),
    ...(pointer === undefined ? [] : [`  ${pointer}`]),
    `What to do: ${whatToDo}`,
    ...(requestAccess === undefined ? [] : [`Ask for access: ${requestAccess}`]),
    ...(decisionId === null ? [] : [`Recorded as: ${decisionId}`]),
  ];
  return new CliError(lines.join("\n"), exitCode);
}

function bodyOf({ message }: StreamableHTTPError): { code?: unknown; message: string; data?: unknown } {
  try {
    return z.object({ error: RpcError }).parse(JSON.parse(message.slice(message.indexOf("{")))).error;
  } catch {
    return { message };
  }
}

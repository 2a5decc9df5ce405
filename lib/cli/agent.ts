import { readFile, writeFile } from "node:fs/promises";
import { Command, Option } from "commander";
import { z } from "zod";
import { CliError, print, readJson } from "#lib/cli/output.ts";
import { fetchAgentToken, generateAgentKey, type PrivateJwk } from "#lib/client/agent-token.ts";
import { PublicJwk } from "#lib/contract/agents.ts";

const KeyFile = z.object({ privateJwk: z.looseObject({ d: z.string() }) });

/** `ambit agent …`: what an agent's developer does; nothing here needs an access token. */
export function agentCommand(program: Command): void {
  const agent = new Command("agent").description("For agents: make a key, get a token");
  agent
    .command("keygen")
    .description(
      "Make a key pair. The private part stays in the file (mode 0600); the public part is printed for agents add-key",
    )
    .requiredOption("--out <file>", "where the private key goes; an existing file is not overwritten")
    .option("--algorithm <algorithm>", "EdDSA or ES256", "EdDSA")
    .action(async ({ out, algorithm }: { out: string; algorithm: string }) => {
      if (algorithm !== "EdDSA" && algorithm !== "ES256") throw new CliError("--algorithm is EdDSA or ES256.");
      const pair = await generateAgentKey(algorithm);
      await writeFile(
        out,
        `${JSON.stringify({ privateJwk: pair.privateJwk, thumbprint: pair.thumbprint }, null, 2)}\n`,
        { mode: 0o600, flag: "wx" },
      );
      print({ publicJwk: pair.publicJwk, thumbprint: pair.thumbprint, privateKeyFile: out });
    });
  agent
    .command("token")
    .description("Get a short-lived token for one MCP endpoint")
    .requiredOption("--agent <id>", "the agent's id (agt_…)")
    .requiredOption("--key <file>", "the file that keygen wrote")
    .requiredOption("--endpoint <url>", "the MCP endpoint, e.g. http://127.0.0.1:4000/mcp/s/everything")
    .action(async (options: { agent: string; key: string; endpoint: string }) => {
      print((await tokenFor(options)).accessToken);
    });
  program.addCommand(agent);
}

/** Lets `agents add-key` take the file that keygen wrote; the private part never leaves the machine. */
export function acceptKeyFile(command: Command): void {
  command
    .addOption(
      new Option(
        "--key-file <file>",
        "the file that agent keygen wrote, in place of --public-jwk; only its public part is sent",
      ).conflicts("publicJwk"),
    )
    .hook("preAction", async (self) => {
      const { keyFile, publicJwk }: { keyFile?: string; publicJwk?: string } = self.opts();
      if (publicJwk !== undefined && holdsPrivateKey(readJson(publicJwk, "--public-jwk")))
        throw new CliError(
          "--public-jwk: This holds the private key, which only the agent may have. It was not sent. Use --key-file <file>, which sends the public part alone.",
        );
      if (keyFile === undefined) return;
      const { d: _, ...ofKey } = await readKey(keyFile);
      self.setOptionValue("publicJwk", JSON.stringify(ofKey));
    });
}

function holdsPrivateKey(value: unknown): boolean {
  const { d, privateJwk } = Object(value) as Record<string, unknown>;
  return d !== undefined || privateJwk !== undefined;
}

/** A token for an MCP endpoint: the authorization server is the endpoint's own origin (RFC 9728 says so too). */
export async function tokenFor({ agent, key, endpoint }: { agent: string; key: string; endpoint: string }) {
  const { d, ...publicJwk } = await readKey(key);
  const issuer = new URL(endpoint).origin;
  return fetchAgentToken({
    tokenEndpoint: `${issuer}/oauth/token`,
    issuer,
    clientId: agent,
    privateJwk: { ...publicJwk, d },
    resource: endpoint,
  });
}

async function readKey(file: string): Promise<PrivateJwk> {
  const kept = KeyFile.safeParse(readJson(await readFile(file, "utf8"), file));
  const { d = "", ...rest } = kept.data?.privateJwk ?? {};
  const ofKey = Object.entries(rest).filter(([name]) => ["kty", "crv", "x", "y"].includes(name));
  const publicJwk = PublicJwk.safeParse(Object.fromEntries(ofKey));
  if (!publicJwk.success) throw new CliError(`${file} is not a key file that agent keygen wrote.`);
  return { ...publicJwk.data, d };
}

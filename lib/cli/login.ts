import { createInterface } from "node:readline";
import { Command, Option } from "commander";
import { CliError, exitCodes, print, show } from "#lib/cli/output.ts";
import { baseUrl, forget, keep, target } from "#lib/cli/session.ts";
import { call } from "#lib/client/call.ts";

const demoPeople = [
  "requester",
  "owner",
  "security-1",
  "security-2",
  "data-protection",
  "platform",
  "auditor",
  "administrator",
];

/** `ambit login`: keeps an access token; `--demo NAME` asks a demo instance for one. */
export function loginCommand(): Command {
  return new Command("login")
    .description("Sign in with an access token from Settings, or as a person of a demo instance")
    .addOption(new Option("--demo <person>", "a person of a demo instance").choices(demoPeople))
    .option("--with-token <token>", "the access token (as --token); asked for when left out")
    .action(async (options: { demo?: string; withToken?: string }, command: Command) => {
      const url = await baseUrl(command);
      const { token: given = options.withToken }: { token?: string } = command.optsWithGlobals();
      const token = options.demo === undefined ? (given ?? (await askToken(url))) : await demoToken(url, options.demo);
      const me = await call("people.me", {}, { baseUrl: url, token });
      await keep(url, token);
      print(
        `Signed in to ${url} as ${me.name}${me.demo && options.demo !== undefined ? " (demo token, 12 hours)" : ""}.`,
      );
    });
}

export function logoutCommand(): Command {
  return new Command("logout").description("Forget kept access tokens").action(async () => {
    await forget();
    print("Forgot the access tokens kept here. Revoke them in Settings to end them.");
  });
}

export function whoamiCommand(): Command {
  return new Command("whoami")
    .description("Who the kept token speaks for")
    .action(async (_options: object, command: Command) => {
      const me = await call("people.me", {}, await target(command));
      // Being a requester is everyone's and being an owner follows from ownership: neither is assigned, both count.
      const derived = ["requester (everyone)", ...(me.owns === 0 ? [] : [`owner of ${me.owns}`])];
      show({ ...me, roles: [...derived, ...me.roles] }, command);
    });
}

async function demoToken(url: string, person: string): Promise<string> {
  const response = await fetch(`${url}/api/demo/token`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ person }),
  }).catch(() => null);
  if (response === null)
    throw new CliError(`${url} does not answer. Is Ambit running? --url names another address.`, exitCodes.failed);
  const body: unknown = await response.json().catch(() => null);
  if (
    !response.ok ||
    typeof body !== "object" ||
    body === null ||
    !("token" in body) ||
    typeof body.token !== "string"
  ) {
    throw new CliError(`${url} is not a demo instance on this machine.`);
  }
  return body.token;
}

/** @throws CliError when the input ends, or the question is left with Ctrl-C */
async function askToken(url: string): Promise<string> {
  const page = `${url}/settings?tab=tokens`;
  const input = createInterface({ input: process.stdin, output: process.stderr });
  input.setPrompt(`Access token (create one at ${page}): `);
  input.prompt();
  for await (const line of input) {
    if (line.trim() !== "") return line.trim();
    break;
  }
  throw new CliError(`\nNo access token was given. Create one at ${page}, then run: ambit login --token <token>`);
}

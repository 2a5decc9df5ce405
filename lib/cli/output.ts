import type { Command } from "commander";
import { forPeople } from "#lib/cli/table.ts";
import { AgentTokenError } from "#lib/client/agent-token.ts";
import { ApiError } from "#lib/client/call.ts";

/** How the command ends. The README and `--help` hold the same table. */
export const exitCodes = { done: 0, refused: 1, usage: 2, failed: 3 } as const;
export const exitCodeHelp = `
Exit codes:
  0  done, or verified
  1  refused (sign-in, permission, a denied or failed tool call, state), or not verified
  2  called wrongly: an option, an argument or a file that it names
  3  no answer, or a failure on the other side`;

/** What went wrong in words for whoever typed the command. */
export class CliError extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode: number = exitCodes.usage) {
    super(message);
    this.name = "CliError";
    this.exitCode = exitCode;
  }
}

/** Writes a value: a text as it is, anything else as JSON. */
export function print(value: unknown): void {
  process.stdout.write(`${typeof value === "string" ? value : JSON.stringify(value, null, 2)}\n`);
}

/** Writes an answer: for people on a terminal, as JSON with `--json` and for whatever else reads it. */
export function show(value: unknown, command: Command): void {
  const { json }: { json?: boolean } = command.optsWithGlobals();
  print(json === true || process.stdout.isTTY !== true ? value : forPeople(value, process.stdout.columns));
}

/** A field as it is typed: `expiresAt` is `--expires-at`, `scope.tools` is `--scope (tools)`. */
export function optionName(path: string): string {
  const [name = "", ...inside] = path.split(".");
  const option = `--${kebab(name)}`;
  return inside.length === 0 ? option : `${option} (${inside.join(".")})`;
}

export function kebab(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** A JSON text of an option. @throws CliError that names the option */
export function readJson(text: string, option: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new CliError(`${option} is not valid JSON.`);
  }
}

/** Writes what happened and what to do on stderr. @returns the exit code */
export function failure(error: unknown): number {
  const { message, exitCode } = explain(error);
  process.stderr.write(`${message}\n`);
  return exitCode;
}

function explain(error: unknown): { message: string; exitCode: number } {
  if (error instanceof CliError) return error;
  if (error instanceof ApiError) return explainAnswer(error);
  if (error instanceof AgentTokenError) {
    const exitCode = error.status >= 500 ? exitCodes.failed : exitCodes.refused;
    const answer = `${error.code}: ${error.message}`;
    // Which of the two it is, the gateway tells nobody.
    const unknown = error.code === "invalid_client";
    return { message: unknown ? `Unknown agent, or its key is not confirmed yet. [${answer}]` : answer, exitCode };
  }
  const { code, path, input, name, cause, message } = Object(error) as Record<string, unknown>;
  const file = fileTroubles[String(code)];
  if (file !== undefined) return { message: file(String(path)), exitCode: exitCodes.usage };
  if (code === "ERR_INVALID_URL") return { message: `${input} is not a URL.`, exitCode: exitCodes.usage };
  if (name === "TimeoutError") return { message: "There was no answer in time.", exitCode: exitCodes.failed };
  if (message === "fetch failed") return { message: explainConnection(cause), exitCode: exitCodes.failed };
  return { message: error instanceof Error ? error.message : String(error), exitCode: exitCodes.failed };
}

const fileTroubles: Readonly<Record<string, (path: string) => string>> = {
  ENOENT: (path) => `There is no file ${path}.`,
  ENOTDIR: (path) => `There is no file ${path}.`,
  EEXIST: (path) => `${path} exists already and was not overwritten. Choose another name.`,
  EISDIR: (path) => `${path} is a folder, not a file.`,
  EACCES: (path) => `${path} may not be read or written by you.`,
};

function explainAnswer({ code, message, problem, status }: ApiError): { message: string; exitCode: number } {
  if (code === "network") return { message, exitCode: exitCodes.failed };
  const issues = (problem?.issues ?? []).map(
    ({ path, message: what }) => `  ${path === "" ? "" : `${optionName(path)}: `}${what}`,
  );
  const signIn = code === "not_signed_in" || code === "token_invalid" ? ["Run: ambit login"] : [];
  const exitCode = status >= 500 ? exitCodes.failed : code === "invalid_input" ? exitCodes.usage : exitCodes.refused;
  // The API answers the same for what is not there and what may not be seen; so say both.
  const bare = code === "not_found" && problem?.detail === undefined;
  const told = bare ? "Not found, or not allowed with your roles." : message;
  return { message: [`${code}: ${told}`, ...issues, ...signIn].join("\n"), exitCode };
}

function explainConnection(cause: unknown): string {
  const { errors, ...one } = Object(cause) as Record<string, unknown>;
  const { address, port, hostname } = Object(Array.isArray(errors) ? errors[0] : one) as Record<string, unknown>;
  const where = address === undefined ? (hostname ?? "That address") : `${address}:${port}`;
  return `${where} does not answer. Is it running, and is the address right?`;
}

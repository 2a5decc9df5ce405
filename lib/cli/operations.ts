import { Command } from "commander";
import { z } from "zod";
import { acceptKeyFile } from "#lib/cli/agent.ts";
import { checkInput } from "#lib/cli/check-input.ts";
import { CliError, exitCodes, kebab, optionName, print, readJson, show } from "#lib/cli/output.ts";
import { target } from "#lib/cli/session.ts";
import { ApiError, call } from "#lib/client/call.ts";
import { type InputOf, type OperationId, operations } from "#lib/contract/index.ts";

/** One command for each operation of the contract: `ambit connectors list --q crm`, `ambit requests review ID --stage security …`. */
export function addOperationCommands(program: Command): void {
  const nouns = new Map<string, Command>();
  for (const id of Object.keys(operations) as OperationId[]) {
    const [noun = "", verb = ""] = id.split(".");
    let group = nouns.get(noun);
    if (group === undefined) {
      group = new Command(noun).description(`${noun}: ${verbsOf(noun).join(", ")}`);
      nouns.set(noun, group);
      program.addCommand(group);
    }
    group.addCommand(operationCommand(id, verb));
  }
}

/** `ambit routes`: the whole API at a glance. */
export function routesCommand(): Command {
  return new Command("routes").description("List every operation with its route").action(() => {
    const lines = (Object.keys(operations) as OperationId[]).map((id) => {
      const { method, path, control, summary } = operations[id];
      const persons = control === "two" ? "two persons  " : "";
      return `${id.padEnd(34)} ${method.padEnd(6)} /api/v1${path.padEnd(52)} ${persons}${summary}`;
    });
    print(lines.join("\n"));
  });
}

function verbsOf(noun: string): string[] {
  return Object.keys(operations).flatMap((id) => (id.startsWith(`${noun}.`) ? [id.slice(noun.length + 1)] : []));
}

function operationCommand(id: OperationId, verb: string): Command {
  const operation = operations[id];
  const schema = z.toJSONSchema(operation.input, { io: "input", unrepresentable: "any" });
  const properties = (schema.properties ?? {}) as Record<
    string,
    { type?: string; enum?: unknown[]; description?: string }
  >;
  const required = new Set(schema.required ?? []);
  const inPath = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? "");
  const command = new Command(verb).description(
    `${operation.summary}${operation.control === "two" ? " (a second person confirms)" : ""}`,
  );
  for (const name of inPath) command.argument(`<${kebab(name)}>`);
  for (const [name, property] of Object.entries(properties)) {
    if (inPath.includes(name)) continue;
    const kind =
      property.enum === undefined
        ? property.type === "string"
          ? "text"
          : (property.type ?? "json")
        : property.enum.join("|");
    command.option(`--${kebab(name)} <value>`, `${kind}${required.has(name) ? ", required" : ""}`);
  }
  if (operation.kind === "mutation") {
    command.option("--input <json>", "all fields as one JSON object; - reads it from standard input");
    command.option("--idempotency-key <key>", "the same key never acts twice");
  }
  if (id === "agents.add-key") acceptKeyFile(command);
  return command.action(async (...given: unknown[]) => {
    const self = given.at(-1) as Command;
    const options = given.at(-2) as Record<string, string | undefined>;
    const whole = options.input === undefined ? {} : await readInput(options.input);
    const fields = Object.keys(properties).flatMap((name) => {
      const value = inPath.includes(name) ? given[inPath.indexOf(name)] : options[name];
      return value === undefined ? [] : [[name, readValue(name, String(value), properties[name]?.type)] as const];
    });
    const input = { ...whole, ...Object.fromEntries(fields) };
    checkInput(id, input);
    const key = options.idempotencyKey === undefined ? {} : { idempotencyKey: options.idempotencyKey };
    try {
      show(await call(id, input as InputOf<typeof id>, { ...(await target(self)), ...key }), self);
    } catch (error) {
      if (!(error instanceof ApiError && error.code === "conflict" && "rowVersion" in input)) throw error;
      const look = ["ambit", id.split(".")[0], "get", ...inPath.map((_, at) => given[at])].join(" ");
      throw new CliError(`conflict: ${error.message}\nIts rowVersion now: ${look}`, exitCodes.refused);
    }
  });
}

async function readInput(text: string): Promise<object> {
  const value = readJson(text === "-" ? await readStdin() : text, "--input");
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new CliError("--input is one JSON object.");
  return value;
}

/** Texts stay texts; everything else is read as JSON where it is JSON. */
function readValue(name: string, text: string, type: string | undefined): unknown {
  if (type === "string") return text;
  if (type === "object") return readJson(text, optionName(name));
  try {
    return JSON.parse(text);
  } catch {
    return type === "array" ? text.split(",") : text;
  }
}

async function readStdin(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks).toString("utf8");
}

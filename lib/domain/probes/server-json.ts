import type { OutputOf } from "#lib/contract/index.ts";
import { ProbeTarget } from "#lib/contract/probes.ts";
import { implementUngoverned } from "#lib/domain/implement.ts";

type ServerJson = OutputOf<"probes.parse-server-json">;
type Fields = Record<string, unknown>;

/** Reads only; nothing is kept and nothing is fetched. */
export const parseServerJson = implementUngoverned("probes.parse-server-json", {
  load: async () => ({ resource: null, facts: {} }),
  run: async (_, __, { text }) => ({ result: readServerJson(text), events: [] }),
});

/**
 * What can be inspected from a registry's `server.json` (schemas 2025-07-09 to 2025-12-11, also with the snake_case names of the first
 * ones, also wrapped in `server`). What cannot is said in `problems`, one plain sentence each.
 */
export function readServerJson(text: string): ServerJson {
  const problems: string[] = [];
  const server = readObject(text, problems);
  const name = textOf(server, "name") ?? "";
  const version =
    textOf(server, "version") ?? textOf(fieldsOf(server.version_detail ?? server.versionDetail), "version");
  const targets: ProbeTarget[] = [];
  for (const [index, remote] of listOf(server.remotes).entries()) readRemote(remote, index, targets, problems);
  for (const [index, entry] of listOf(server.packages).entries()) readPackage(entry, index, version, targets, problems);
  if (problems.length === 0 && targets.length === 0) {
    problems.push("It lists no packages and no remotes, so there is nothing to inspect.");
  }
  return { name, description: textOf(server, "description"), version, targets, problems };
}

function readObject(text: string, problems: string[]): Fields {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    problems.push("This is not valid JSON. Paste the whole file, from the first { to the last }.");
    return {};
  }
  const outer = fieldsOf(value);
  const server = typeof outer.server === "object" && outer.server !== null ? fieldsOf(outer.server) : outer;
  if (Object.keys(server).length === 0) problems.push("This is JSON, but not a server.json: an object is expected.");
  else if (textOf(server, "name") === null) problems.push('The field "name" is missing.');
  return server;
}

function readRemote(remote: Fields, index: number, targets: ProbeTarget[], problems: string[]): void {
  const where = `Remote ${index + 1}`;
  const type = textOf(remote, "type", "transport_type", "transportType") ?? "streamable-http";
  if (!["streamable-http", "streamable", "http"].includes(type)) {
    problems.push(`${where} speaks ${quoted(type)}; Ambit inspects streamable-http.`);
    return;
  }
  const url = textOf(remote, "url");
  if (url !== null && placeholder.test(url)) {
    problems.push(`${where} has a placeholder in its URL: ${quoted(url)}. Fill it in and give the URL by hand.`);
    return;
  }
  keep({ kind: "url", url }, `${where} has no usable URL.`, targets, problems);
}

function readPackage(
  entry: Fields,
  index: number,
  serverVersion: string | null,
  targets: ProbeTarget[],
  problems: string[],
): void {
  const where = `Package ${index + 1}`;
  const registry = textOf(entry, "registryType", "registry_type", "registry_name", "registryName") ?? "npm";
  if (registry !== "npm") {
    problems.push(`${where} is of ${quoted(registry)}; Ambit inspects npm packages.`);
    return;
  }
  const version = textOf(entry, "version") ?? serverVersion;
  if (version === null || placeholder.test(version) || version === "latest") {
    problems.push(
      `${where} names no exact version${version === null ? "" : ` (${quoted(version)})`}. Give one by hand.`,
    );
    return;
  }
  const transport = textOf(fieldsOf(entry.transport), "type") ?? "stdio";
  if (transport !== "stdio") {
    problems.push(`${where} runs as a ${quoted(transport)} server; Ambit starts stdio packages.`);
    return;
  }
  const args = listOf(entry.packageArguments ?? entry.package_arguments).flatMap((argument) =>
    readArgument(argument, where, problems),
  );
  const name = textOf(entry, "identifier", "name");
  keep(
    { kind: "package", name, version, args },
    `${where} has no usable npm name and version (${quoted(name ?? "")} ${quoted(version)}).`,
    targets,
    problems,
  );
}

function readArgument(argument: Fields, where: string, problems: string[]): string[] {
  const name = textOf(argument, "name");
  const value = textOf(argument, "value", "default");
  if (value !== null && placeholder.test(value)) {
    problems.push(`${where} leaves the argument ${quoted(name ?? value)} open. Add it by hand.`);
    return [];
  }
  const required = (argument.isRequired ?? argument.is_required) === true;
  if (textOf(argument, "type") === "named" && name !== null) {
    if (value !== null) return [name, value];
    return required ? [name] : [];
  }
  if (value !== null) return [value];
  if (required) {
    const hint = textOf(argument, "valueHint", "value_hint") ?? name ?? "?";
    problems.push(`${where} needs the argument ${quoted(hint)}. Add it by hand.`);
  }
  return [];
}

/** `${VERSION}`, `{tenant}` and `<path>`: to be filled in by somebody. */
const placeholder = /\$?\{[^}]*\}|<[^>]+>/;

function keep(target: unknown, message: string, targets: ProbeTarget[], problems: string[]): void {
  const parsed = ProbeTarget.safeParse(target);
  if (!parsed.success) problems.push(message);
  else targets.push(parsed.data);
}

function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

function listOf(value: unknown): Fields[] {
  return Array.isArray(value) ? value.slice(0, 50).map(fieldsOf) : [];
}

function textOf(fields: Fields, ...names: string[]): string | null {
  for (const name of names) {
    const value = fields[name];
    if (typeof value === "string" && value.trim() !== "") return value.trim();
  }
  return null;
}

function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 80));
}

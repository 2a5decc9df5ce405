import { escaped, invisibleIn, skeleton } from "#lib/core/inspection/characters.ts";
import { walk } from "#lib/core/inspection/json.ts";
import { schemaFindings } from "#lib/core/inspection/schema-findings.ts";
import type { Capability, CapabilityKind, ServerIdentity, ServerSnapshot } from "#lib/core/inspection/snapshot.ts";
import { textFindings } from "#lib/core/inspection/text-findings.ts";

export type Severity = "low" | "medium" | "high";

/** What a person should do about each finding; its keys are the closed list of codes. */
export const whatToDo = {
  invisible_characters:
    "Ask the publisher to remove the invisible characters; do not approve text that cannot be read.",
  model_instructions:
    "Deny, or approve other tools only: this text gives orders to the model instead of describing the tool.",
  data_exfiltration:
    "Deny, or approve other tools only: this text asks for secrets, private files or the conversation.",
  cross_tool_reference: "Check whether this text tries to steer the use of other tools, which it has no business with.",
  embedded_secret: "Tell the publisher to revoke this secret, and approve only a version without it.",
  schema_missing: "Approve only with constraints on the arguments: the tool does not say what it accepts.",
  schema_invalid: "Ask the publisher to correct the schema; calls cannot be checked against it.",
  schema_remote_ref: "Ask the publisher to include the schema; references to other places are never followed.",
  wide_reach: "Grant this tool with a constraint on the named argument, or not at all.",
  tool_name_invalid: "Ask the publisher for a name of 1 to 128 letters, digits, dots, dashes and underscores.",
  name_duplicate: "Ask the publisher to remove the duplicate: two definitions under one name cannot be told apart.",
  name_confusable: "Check both tools: their names look alike, and one may be taken for the other.",
  description_too_long: "Read the whole text before approving; long texts hide things.",
  definition_too_large: "Ask the publisher for a smaller definition; this one was not examined completely.",
  no_tls: "Ask for an https address: without TLS nobody can tell who answers, and anybody can read along.",
} as const;

export type FindingCode = keyof typeof whatToDo;

/** One thing a reviewer should know. `where.path` is a JSON Pointer into the definition (or identity, for kind `server`). */
export type Finding = {
  code: FindingCode;
  severity: Severity;
  where: { kind: CapabilityKind | "server"; name: string; path: string };
  evidence: string;
  whatToDo: string;
};

const valuesMax = 5_000;
const longText = 4_000;
const findingsPerCapabilityMax = 25;

/** Everything suspicious in a snapshot, in its own order. Linear in its size, never fetches anything, never throws. */
export function findFindings(snapshot: ServerSnapshot): Finding[] {
  return [
    ...identityFindings(snapshot.identity),
    ...snapshot.capabilities.flatMap((capability) => capabilityFindings(capability).slice(0, findingsPerCapabilityMax)),
    ...nameFindings(snapshot.capabilities),
  ];
}

function identityFindings(identity: ServerIdentity): Finding[] {
  const at = (path: string) => ({ kind: "server" as const, name: "", path });
  const found = textFindings(identity.instructions ?? "").map(({ code, severity, excerpt }) =>
    finding(code, severity, at("/instructions"), excerpt),
  );
  for (const { value, pointer } of walk(identity.serverInfo, valuesMax)) {
    if (typeof value !== "string") continue;
    for (const { code, severity, excerpt } of textFindings(value))
      found.push(finding(code, severity, at(`/serverInfo${pointer}`), excerpt));
  }
  if (identity.transport === "streamable-http" && identity.tls === null) {
    const local = ["localhost", "127.0.0.1", "::1"].includes(identity.host);
    found.push(finding("no_tls", local ? "low" : "high", at("/tls"), identity.host));
  }
  return found;
}

function capabilityFindings({ kind, name, definition }: Capability): Finding[] {
  const at = (path: string) => ({ kind, name, path });
  const found: Finding[] = [];
  let seen = 0;
  for (const { pointer, key, value } of walk(definition, valuesMax)) {
    seen += 1;
    // A member's name is text that the model reads, too.
    if (key !== null && invisibleIn(key) !== null)
      found.push(finding("invisible_characters", "high", at(pointer), key));
    if (typeof value !== "string") continue;
    for (const { code, severity, excerpt } of textFindings(value))
      found.push(finding(code, severity, at(pointer), excerpt));
    if (value.length > longText)
      found.push(
        finding("description_too_long", "low", at(pointer), `${value.length} characters: ${value.slice(0, 60)}`),
      );
  }
  if (seen === valuesMax)
    found.push(finding("definition_too_large", "medium", at(""), `more than ${valuesMax} values`));
  if (kind !== "tool") return found;
  if (!/^[A-Za-z0-9_./-]{1,128}$/.test(name)) found.push(finding("tool_name_invalid", "medium", at("/name"), name));
  for (const { code, severity, path, excerpt } of schemaFindings(definition))
    found.push(finding(code, severity, at(path), excerpt));
  return found;
}

function nameFindings(capabilities: readonly Capability[]): Finding[] {
  const found: Finding[] = [];
  const exact = new Set<string>();
  const looks = new Map<string, string>();
  for (const { kind, name } of capabilities) {
    const where = { kind, name, path: "/name" };
    const id = `${kind} ${name}`;
    if (exact.has(id)) {
      found.push(finding("name_duplicate", "high", where, name));
      continue;
    }
    exact.add(id);
    if (kind !== "tool") continue;
    const look = skeleton(name);
    const twin = looks.get(look);
    if (twin !== undefined) found.push(finding("name_confusable", "high", where, `${name} and ${twin}`));
    else looks.set(look, name);
  }
  return found;
}

function finding(code: FindingCode, severity: Severity, where: Finding["where"], evidence: string): Finding {
  return { code, severity, where, evidence: escaped(evidence), whatToDo: whatToDo[code] };
}

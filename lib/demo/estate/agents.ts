import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type AgentKeyPair, generateAgentKey } from "#lib/client/agent-token.ts";
import { ApiError } from "#lib/client/call.ts";
import type { OutputOf } from "#lib/contract/index.ts";
import type { AgentIdentity } from "#lib/demo/agent.ts";
import type { DemoPerson, People } from "#lib/demo/people.ts";
import { byTwo } from "#lib/demo/two-persons.ts";

/** An agent of the estate. Its private key is in `keyFile`, as `ambit agent keygen` writes it, mode 0600. */
export type EstateAgent = AgentIdentity & { id: string; slug: string; keyFile: string };

type Registration = { slug: string; name: string; purpose: string; labels: string[]; owner: DemoPerson };
type KeyFile = Pick<AgentKeyPair, "privateJwk" | "thumbprint">;

/** An active agent with a registered key: its owner proposes the key, an administrator confirms it. */
export async function ensureAgent(
  people: People,
  dataDir: string,
  { owner, ...registration }: Registration,
): Promise<EstateAgent> {
  const { slug } = registration;
  const known = await find(people, slug);
  const { id } = known ?? (await people[owner].ask("agents.register", { ...registration, environment: "production" }));
  const keyFile = join(dataDir, "demo/agents", `${slug}.json`);
  const kept = existsSync(keyFile) ? (JSON.parse(await readFile(keyFile, "utf8")) as KeyFile) : null;
  const isRegistered = known?.keys.some((key) => key.revokedAt === null && key.thumbprint === kept?.thumbprint);
  const privateJwk = kept !== null && isRegistered ? kept.privateJwk : await addKey(people, owner, id, keyFile);
  const { connect } = await people[owner].ask("agents.get", { agentId: id });
  return { id, slug, keyFile, privateJwk, connect };
}

async function find({ "security-1": security }: People, slug: string): Promise<OutputOf<"agents.get"> | null> {
  try {
    return await security.ask("agents.get", { agentId: slug });
  } catch (error) {
    if (error instanceof ApiError && error.code === "not_found") return null;
    throw error;
  }
}

async function addKey(people: People, owner: DemoPerson, agentId: string, keyFile: string) {
  const { privateJwk, publicJwk, thumbprint } = await generateAgentKey();
  await mkdir(join(keyFile, ".."), { recursive: true, mode: 0o700 });
  await writeFile(keyFile, `${JSON.stringify({ privateJwk, thumbprint }, null, 2)}\n`, { mode: 0o600 });
  const input = { agentId, publicJwk, reason: "The agent's first key, made where it runs" };
  await byTwo(people[owner], people.administrator, "agents.add-key", input);
  return privateJwk;
}

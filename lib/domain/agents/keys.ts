import { createHash } from "node:crypto";
import type { PublicJwk } from "#lib/contract/agents.ts";
import { DomainError } from "#lib/contract/errors.ts";
import { canonicalize } from "#lib/core/canonical.ts";
import { type AgentRow, agentById, lockAgent } from "#lib/domain/agents/rows.ts";
import { implement, implementTwo } from "#lib/domain/implement.ts";
import { newId } from "#lib/platform/id.ts";

/** RFC 7638: SHA-256 over the required members in lexical order, base64url. The contract lets no other member in. */
export function thumbprint(jwk: PublicJwk): string {
  return createHash("sha256")
    .update(canonicalize({ ...jwk }))
    .digest("base64url");
}

/** A key is who an agent is, so a second person who does not own the agent confirms exactly this key. */
export const addAgentKey = implementTwo("agents.add-key", {
  load: ({ tx }, { agentId }) => lockAgent(tx, agentId),
  async propose({ tx }, { agent, ownerIds }, { publicJwk }) {
    refuseRetired(agent);
    const print = thumbprint(publicJwk);
    if ((await tx.agentKey.findUnique({ where: { thumbprint: print } })) !== null) {
      throw new DomainError("already_exists", "This key is registered already. Make a new one for each agent.");
    }
    return { subjectId: agent.id, summary: `Add key ${print} to agent ${agent.slug}`, beneficiaries: ownerIds };
  },
  async applyChange({ tx }, { agent }, { publicJwk }, change) {
    refuseRetired(agent);
    const print = thumbprint(publicJwk);
    await tx.agentKey.create({
      data: {
        id: newId("key"),
        agentId: agent.id,
        thumbprint: print,
        publicJwk,
        algorithm: publicJwk.kty === "OKP" ? "EdDSA" : "ES256",
        source: "change",
        changeId: change.id,
        addedBy: change.proposedBy,
      },
    });
    return [
      {
        type: "agent.key-added",
        subjects: [agent.id],
        agentId: agent.id,
        data: { thumbprint: print, change: change.id },
      },
    ];
  },
});

/** Taking a key away narrows, so one person does it, at once. */
export const revokeAgentKey = implement("agents.revoke-key", {
  async load({ tx }, { agentId, keyId }) {
    const loaded = await lockAgent(tx, agentId);
    const key = await tx.agentKey.findFirst({ where: { id: keyId, agentId: loaded?.resource.agent.id ?? "" } });
    if (loaded === null || key === null) return null;
    return { resource: { agent: loaded.resource.agent, key }, facts: loaded.facts };
  },
  async run({ tx, now }, { agent, key }) {
    if (key.revokedAt !== null) throw new DomainError("invalid_transition", "The key is revoked already.");
    await tx.agentKey.update({ where: { id: key.id }, data: { revokedAt: now } });
    return {
      result: await agentById(tx, agent.id),
      events: [
        { type: "agent.key-revoked", subjects: [agent.id], agentId: agent.id, data: { thumbprint: key.thumbprint } },
      ],
    };
  },
});

function refuseRetired({ status }: AgentRow): void {
  if (status === "retired") throw new DomainError("invalid_transition", "The agent is retired.");
}

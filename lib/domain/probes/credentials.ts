import { createPublicKey } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DomainError } from "#lib/contract/errors.ts";
import type { Credential } from "#lib/contract/probes.ts";
import type { SealedCredential } from "#lib/db/generated/client.ts";
import { implement } from "#lib/domain/implement.ts";
import { ownerPeople } from "#lib/domain/owners.ts";
import { env } from "#lib/platform/env.ts";
import { newId } from "#lib/platform/id.ts";
import { seal } from "#lib/platform/seal.ts";

/** The host (and port, where it is not the scheme's own) that a credential may go to, in the URL standard's spelling. */
export function hostOf(url: string): string {
  return new URL(url).host;
}

/** Sealed for gateway and worker: this process holds only the public key and cannot read it again. */
export const sealCredential = implement("credentials.seal", {
  async load({ tx, caller }, { connectorId }) {
    // Without a connector it is for an inspection, and belongs to whoever brings it.
    if (connectorId === undefined) return { resource: null, facts: { ownerIds: [caller.id] } };
    const connector = await tx.connector.findUnique({ where: { id: connectorId }, select: { id: true } });
    return connector === null ? null : { resource: null, facts: { ownerIds: await ownerPeople(tx, connectorId) } };
  },
  async run({ tx, caller }, _, { url, connectorId, sharedWithId, secret }) {
    if (!/^https?:$/.test(new URL(url).protocol))
      throw new DomainError("invalid_input", "Give the server's https URL.");
    const key = await readFile(join(env().AMBIT_DATA_DIR, "keys/public/seal-x25519.pub.pem")).catch(
      (cause: unknown) => {
        throw new DomainError("internal", undefined, { cause });
      },
    );
    const row = await tx.sealedCredential.create({
      data: {
        id: newId("crd"),
        host: hostOf(url),
        kind: secret.kind,
        hint: secret.kind === "header" ? secret.name : secret.clientId,
        sealed: Buffer.from(seal(createPublicKey(key), JSON.stringify(secret))),
        createdBy: caller.id,
        ...(connectorId === undefined ? {} : { connectorId }),
        ...(sharedWithId === undefined ? {} : { sharedWith: sharedWithId }),
      },
    });
    const data = { kind: row.kind, host: row.host };
    const about = connectorId === undefined ? {} : { connectorId };
    return { result: toCredential(row), events: [{ type: "credential.sealed", subjects: [row.id], data, ...about }] };
  },
});

function toCredential({ id, host, kind, hint, createdAt, destroyedAt }: SealedCredential): Credential {
  return {
    id,
    host,
    kind: kind === "header" ? "header" : "oauth_client_credentials",
    hint,
    createdAt: createdAt.toISOString(),
    destroyedAt: destroyedAt?.toISOString() ?? null,
  };
}

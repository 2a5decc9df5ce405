import { createHash, randomBytes } from "node:crypto";
import { DomainError } from "#lib/contract/errors.ts";
import { type AccessToken, TokenScope } from "#lib/contract/tokens.ts";
import type { AccessToken as Row } from "#lib/db/generated/client.ts";
import { implement, implementQuery, listed } from "#lib/domain/implement.ts";
import { pageOf, readCursor } from "#lib/domain/page.ts";
import { newId } from "#lib/platform/id.ts";

/** Access tokens start like this, so that scanners of leaked secrets know them. */
export const tokenPrefix = "ambit_pat_";

/** What the database keeps of a token. */
export function tokenHash(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

/** A new access token's row and the secret that is shown once. */
export function mintToken(
  userId: string,
  input: { name: string; scopes: readonly string[]; days: number; demo: boolean },
  now: Date,
) {
  const secret = `${tokenPrefix}${randomBytes(32).toString("base64url")}`;
  const row = {
    id: newId("tok"),
    userId,
    name: input.name,
    hash: tokenHash(secret),
    scopes: [...input.scopes],
    demo: input.demo,
    expiresAt: new Date(now.getTime() + input.days * 86_400_000),
  };
  return { secret, row };
}

export const listTokens = implementQuery("tokens.list", {
  load: async ({ caller }) => ({ resource: caller.id, facts: listed(caller) }),
  async run({ tx }, userId, { cursor, limit }) {
    const after = readCursor(cursor);
    const rows = await tx.accessToken.findMany({
      where: {
        userId,
        ...(after === null ? {} : { id: { lt: after.id } }),
      },
      orderBy: { id: "desc" },
      take: limit + 1,
    });
    return pageOf(rows, limit, toToken, (row) => ({ at: "", id: row.id }));
  },
});

/** Takes a fresh sign-in like a decision: a stolen token must not outlive itself, nor a session that was left open. */
export const createToken = implement("tokens.create", {
  load: async ({ caller }) => ({ resource: caller.id, facts: { subjectId: caller.id } }),
  async run({ tx, now }, userId, { name, scopes, days }) {
    const { secret, row } = mintToken(userId, { name, scopes, days, demo: false }, now);
    const saved = await tx.accessToken.create({ data: row });
    return {
      result: { ...toToken(saved), secret },
      events: [{ type: "token.issued", subjects: [row.id, userId], data: { scopes: [...scopes], days } }],
    };
  },
});

export const revokeToken = implement("tokens.revoke", {
  async load({ tx }, { tokenId }) {
    const row = await tx.accessToken.findUnique({ where: { id: tokenId } });
    return row === null ? null : { resource: row, facts: { subjectId: row.userId } };
  },
  async run({ tx, now }, row) {
    if (row.revokedAt !== null) throw new DomainError("invalid_transition", "This token is revoked already.");
    const saved = await tx.accessToken.update({ where: { id: row.id }, data: { revokedAt: now } });
    return { result: toToken(saved), events: [{ type: "token.revoked", subjects: [row.id, row.userId] }] };
  },
});

function toToken({ id, name, scopes, demo, createdAt, expiresAt, revokedAt }: Row): AccessToken {
  return {
    id,
    name,
    scopes: scopes.map((scope) => TokenScope.parse(scope)),
    demo,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    revokedAt: revokedAt?.toISOString() ?? null,
  };
}

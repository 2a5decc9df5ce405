import { z } from "zod";
import { mutation, query } from "#lib/contract/operation.ts";
import { Id, Instant, page, pageInput, text } from "#lib/contract/page.ts";
import { actions } from "#lib/core/action.ts";

const nouns = [...new Set(actions.map((action) => action.split(":")[0] ?? ""))];

/** What an access token may be used for: one action, everything of a noun (`request:*`), or all (`*`). Its owner's rights still bound it. */
export const TokenScope = z.enum(["*", ...nouns.map((noun) => `${noun}:*`), ...actions]);
export type TokenScope = z.infer<typeof TokenScope>;

export const AccessToken = z.object({
  id: Id,
  name: z.string(),
  scopes: z.array(TokenScope),
  demo: z.boolean(),
  createdAt: Instant,
  expiresAt: Instant,
  revokedAt: Instant.nullable(),
});
export type AccessToken = z.infer<typeof AccessToken>;

export const tokens = {
  "tokens.list": query({
    path: "/tokens",
    action: "token:read",
    input: z.strictObject({ ...pageInput }),
    output: page(AccessToken),
    summary: "List my access tokens",
  }),
  "tokens.create": mutation({
    path: "/tokens",
    action: "token:create",
    input: z.strictObject({
      name: text(100),
      scopes: z.array(TokenScope).min(1),
      days: z.number().int().min(1).max(365),
    }),
    output: AccessToken.extend({ secret: z.string() }),
    summary: "Create an access token; its secret is shown this once",
  }),
  "tokens.revoke": mutation({
    path: "/tokens/{tokenId}/revoke",
    action: "token:revoke",
    input: z.strictObject({ tokenId: Id }),
    output: AccessToken,
    summary: "Revoke one of my access tokens",
  }),
};

"use client";
import { useQueryFor } from "#lib/client/queries.ts";
import type { Action } from "#lib/core/action.ts";
import { allowed } from "#lib/core/permit.ts";

/** Whether the person's roles let them read this of everything; without, it is what they own. Null while that is not known yet. */
export function useReadsAll(action: Extract<Action, "access:explain" | "agent:read">): boolean | null {
  const { data: me, isPending } = useQueryFor("people.me", {});
  if (me === undefined) return isPending ? null : false;
  const caller = {
    kind: "user",
    id: me.id,
    roles: me.roles,
    via: "session",
    interactiveSignInAgeSeconds: null,
  } as const;
  return allowed(caller, action, {});
}

/** Says of an agent whether the person may open it, so that no link leads to a refusal: all of them, or those they own. */
export function useMayOpenAgent(): (agentId: string) => boolean {
  const readsAll = useReadsAll("agent:read");
  const own = useQueryFor("agents.list", { ownedByMe: "true", limit: 200 }, { enabled: readsAll === false });
  return (agentId) => readsAll === true || (own.data?.items.some(({ id }) => id === agentId) ?? false);
}

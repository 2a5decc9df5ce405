"use client";
import { useQueryFor } from "#lib/client/queries.ts";
import type { Action } from "#lib/core/action.ts";
import { allowed, type ResourceFacts } from "#lib/core/permit.ts";

/** Whether the person may do something once they have signed in afresh, from the same table that the server enforces. False until it is known who they are. */
export function useMay(): (action: Action, facts?: ResourceFacts) => boolean {
  const { data: me } = useQueryFor("people.me", {});
  return (action, facts = {}) =>
    me !== undefined &&
    allowed(
      { kind: "user", id: me.id, roles: me.roles, via: "session", interactiveSignInAgeSeconds: 0 },
      action,
      facts,
    );
}

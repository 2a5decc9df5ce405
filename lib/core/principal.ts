/** Who can act. Only agents call tools; users, services and the system itself use the console, the API and the jobs. */
export type PrincipalKind = "user" | "agent" | "service" | "system";

/**
 * What an organisation assigns to a user. Being a requester is everyone's, being an owner follows from ownership;
 * neither is assigned and neither stands here.
 */
export const ROLES = [
  "security_reviewer",
  "data_protection_reviewer",
  "platform_reviewer",
  "auditor",
  "administrator",
] as const;
export type Role = (typeof ROLES)[number];

/** How a user proved who they are: a person at a browser (with the moment of that sign-in, ms), or a token made earlier. */
export type Assurance = { via: "session"; signedInAt: number } | { via: "access_token"; tokenId: string };

/** A person, roles and teams as read for this very request (never from a token or an e-mail address). */
export type User = {
  kind: "user";
  id: string;
  roles: readonly Role[];
  teamIds: readonly string[];
  assurance: Assurance;
};

/** A non-human principal that calls tools under grants. */
export type Agent = { kind: "agent"; id: string };

/** A machine that uses the API, and the deployment acting on its own (due dates, expiry, probes). */
export type Service = { kind: "service"; id: string };
export type System = { kind: "system"; id: "system" };

export type Principal = User | Agent | Service | System;

/** Whether a user holds a role. No other kind of principal ever does. */
export function hasRole(principal: Principal, role: Role): boolean {
  return principal.kind === "user" && principal.roles.includes(role);
}

/** How long an interactive sign-in counts as fresh. */
export const FRESH_SIGN_IN_MS = 10 * 60 * 1000;

/**
 * Whether a person signed in interactively within the last ten minutes, which approving, granting and undoing a stop need.
 * @param now milliseconds; a sign-in in the future is not fresh
 */
export function isFreshlySignedIn(principal: Principal, now: number): boolean {
  if (principal.kind !== "user" || principal.assurance.via !== "session") return false;
  const age = now - principal.assurance.signedInAt;
  return age >= 0 && age <= FRESH_SIGN_IN_MS;
}

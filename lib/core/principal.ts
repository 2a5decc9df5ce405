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

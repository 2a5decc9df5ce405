import type { OperationId } from "#lib/contract/index.ts";
import { publicJwk, setupCode, type World } from "#tests/http/world.ts";

export const people = [
  "requester",
  "owner",
  "other-owner",
  "security-1",
  "data-protection",
  "platform",
  "auditor",
  "administrator",
] as const;
export type Person = (typeof people)[number];

/**
 * Who may do what, from the domain's table. `may`: everybody else gets the answer of what is not there. `decides`: needs a person's
 * sign-in of the last ten minutes. `sessionOnly`: never by an access token. `notTheirs`: may look and review, but not this stage.
 */
export type Row = {
  may: readonly Person[];
  input: Record<string, unknown>;
  decides?: true;
  sessionOnly?: true;
  notTheirs?: readonly Person[];
};

const everyone = people;
const doers = people.filter((person) => person !== "auditor");
const reviewers = ["security-1", "data-protection", "platform"] as const;
const readers = [...reviewers, "auditor"] as const;
const reason = "Because of the test";

export function authorizationTable(w: World): Record<OperationId, Row> {
  const { connectorId, askedId, requestId, draftId, agentId, teamId, grantId } = w;
  const owned: Row["may"] = ["owner", ...readers];
  return {
    "home.get": { may: everyone, input: {} },
    "home.search": { may: everyone, input: { q: "page" } },
    "notifications.list": { may: everyone, input: {} },
    "notifications.read": { may: everyone, input: { ids: ["ntf_none"] } },

    "requests.list": { may: everyone, input: {} },
    "requests.get": { may: ["requester", "owner", ...readers], input: { requestId } },
    "requests.preview": { may: ["requester"], input: { requestId: draftId } },
    "requests.create": { may: doers, input: { kind: "connector", form: {} } },
    "requests.update": { may: ["requester"], input: { requestId: draftId, form: {}, rowVersion: 99 } },
    "requests.discard": { may: ["requester"], input: { requestId } },
    "requests.submit": { may: ["requester"], input: { requestId: draftId, rowVersion: 99 } },
    "requests.withdraw": { may: ["requester"], input: { requestId, reason } },
    "requests.comment": { may: ["requester", "owner", ...reviewers], input: { requestId, text: "Hello" } },
    "requests.review": {
      may: ["owner", ...reviewers],
      notTheirs: ["owner", "data-protection", "platform"],
      decides: true,
      input: { requestId, stage: "security", verdict: "deny", digest: w.digest, round: 1, reason },
    },
    "requests.reclassify": {
      may: ["security-1"],
      decides: true,
      input: { requestId, classification: "restricted", reason },
    },

    "probes.start": { may: doers, input: { target: { kind: "url", url: "https://new.example/mcp" } } },
    "probes.get": { may: ["requester", ...readers], input: { probeId: w.probeId } },
    "packages.release": { may: ["platform"], decides: true, input: { probeId: w.probeId, reason } },
    "probes.parse-server-json": { may: doers, input: { text: "{}" } },
    "credentials.seal": {
      may: ["owner"],
      input: { url: "https://enabled.example/mcp", connectorId, secret: { kind: "header", name: "x-key", value: "v" } },
    },

    "connectors.list": { may: everyone, input: {} },
    "connectors.get": { may: ["requester", ...owned, "administrator"], input: { connectorId: askedId } },
    "connectors.versions": { may: ["requester", ...owned, "administrator"], input: { connectorId: askedId } },
    "connectors.version": {
      may: ["requester", ...owned, "administrator"],
      input: { connectorId: askedId, versionId: w.versionId },
    },
    "connectors.enable": { may: ["owner", "administrator"], decides: true, input: { connectorId } },
    "connectors.suspend": { may: ["owner", "security-1"], input: { connectorId, reason } },
    "connectors.resume": { may: ["owner", "security-1"], decides: true, input: { connectorId, reason } },
    "connectors.retire": { may: ["owner"], input: { connectorId, reason } },
    "connectors.set-owner": {
      may: ["owner", "security-1"],
      input: { connectorId, ownerKind: "user", ownerId: "usr_stranger", role: "technical", reason },
    },
    "tools.list": { may: everyone, input: {} },
    "tools.get": { may: everyone, input: { toolId: w.toolId } },
    "tools.relabel": {
      may: ["security-1"],
      decides: true,
      input: { toolId: w.toolId, effect: "write", labels: [], reason },
    },

    "agents.list": { may: everyone, input: {} },
    "agents.get": { may: owned, input: { agentId } },
    "agents.register": { may: doers, input: { slug: "new-one", name: "New", purpose: "Test", environment: "staging" } },
    "agents.add-key": { may: ["owner"], input: { agentId, publicJwk, reason } },
    "agents.revoke-key": { may: ["owner", "security-1"], input: { agentId, keyId: "key_1", reason } },
    "agents.suspend": { may: ["owner", "security-1"], input: { agentId, reason } },
    "agents.resume": { may: ["owner", "security-1"], decides: true, input: { agentId, reason } },
    "agents.retire": { may: ["owner"], input: { agentId, reason } },

    "grants.list": { may: everyone, input: {} },
    "grants.get": { may: ["requester", ...owned], input: { grantId } },
    "grants.revoke": { may: ["requester", "owner", "security-1"], input: { grantId, reason } },
    "access.list": { may: owned, input: { agentId } },
    "access.matrix": { may: owned, input: { connectorId } },
    "access.why": { may: owned, input: { agentId, connectorId, tool: "get_page" } },

    "activity.list": { may: everyone, input: {} },
    "activity.get": { may: owned, input: { eventId: w.eventId } },
    "log.checkpoint": { may: ["auditor"], input: {} },
    "log.consistency": { may: ["auditor"], input: { from: 0, to: 0 } },
    "evidence.list": { may: ["auditor"], input: {} },
    "evidence.get": { may: ["auditor"], input: { packId: "pck_1" } },
    "evidence.export": {
      may: ["auditor"],
      input: { from: "2026-01-01T00:00:00Z", to: "2026-02-01T00:00:00Z" },
    },

    "people.me": { may: everyone, input: {} },
    "people.list": { may: everyone, input: {} },
    "people.suspend": { may: ["security-1", "administrator"], input: { personId: "usr_stranger", reason } },
    "people.resume": { may: ["administrator"], decides: true, input: { personId: "usr_gone", reason } },
    "roles.assign": { may: ["administrator"], input: { personId: "usr_stranger", role: "auditor", reason } },
    "roles.remove": {
      may: ["administrator"],
      input: { personId: "usr_security_2", role: "security_reviewer", reason },
    },
    "roles.name-second-administrator": {
      may: ["administrator"],
      decides: true,
      input: { personId: "usr_stranger", reason },
    },
    "setup.claim": { may: doers, decides: true, sessionOnly: true, input: { code: setupCode } },
    "teams.list": { may: everyone, input: {} },
    "teams.create": { may: ["administrator"], input: { name: "New team", kind: "business" } },
    "teams.add-member": {
      may: ["administrator"],
      input: { teamId, memberKind: "user", memberId: "usr_requester", reason },
    },
    "teams.remove-member": { may: ["administrator"], input: { teamId, memberId: "usr_stranger", reason } },
    "delegates.set": {
      may: doers,
      input: {
        delegateId: "usr_stranger",
        startsAt: new Date().toISOString(),
        endsAt: new Date(Date.now() + 86_400_000).toISOString(),
      },
    },
    "delegates.cancel": { may: ["requester"], input: { delegationId: "del_1" } },
    "tokens.list": { may: everyone, input: {} },
    "tokens.create": { may: everyone, decides: true, input: { name: "new", scopes: ["*"], days: 1 } },
    "tokens.revoke": { may: ["requester", "security-1"], input: { tokenId: w.tokenId } },

    "tiers.get": { may: ["auditor", "administrator"], input: {} },
    "tiers.update": { may: ["administrator"], input: { settings: tiers, reason } },
    "egress.list": { may: ["auditor", "administrator"], input: {} },
    "egress.add": { may: ["administrator"], input: { host: "new.example", port: 443, days: 1, reason } },
    "egress.remove": { may: ["administrator"], input: { entryId: "egr_1", reason } },
    "changes.list": { may: everyone, input: {} },
    "changes.confirm": {
      may: ["security-1", "administrator"],
      notTheirs: ["owner", "auditor"],
      decides: true,
      input: { changeId: w.changeId, reason },
    },
    "changes.reject": {
      may: ["owner", "security-1", "administrator"],
      notTheirs: ["auditor"],
      input: { changeId: w.changeId, reason },
    },
  };
}

const tier = { stages: [{ kind: "security", quorum: 1 }], dueWorkingDays: 3, grantMaxDays: 30 };
export const tiers = {
  low: tier,
  medium: {
    ...tier,
    stages: [
      { kind: "security", quorum: 1 },
      { kind: "owner", quorum: 1 },
    ],
  },
  high: {
    ...tier,
    stages: [
      { kind: "security", quorum: 2 },
      { kind: "owner", quorum: 1 },
    ],
  },
};

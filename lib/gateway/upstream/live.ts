import { createHash } from "node:crypto";
import type pg from "pg";
import { canonicalize, type JsonObject } from "#lib/core/canonical.ts";
import type { CompiledConnector, CompiledTool } from "#lib/core/decision/snapshot.ts";
import {
  definitionDigest,
  pinnedIdentity,
  type ServerIdentity,
  type ServerSnapshot,
} from "#lib/core/inspection/snapshot.ts";
import { eventRow } from "#lib/gateway/records.ts";
import type { PolicyKeeper } from "#lib/gateway/snapshot.ts";
import { type QuarantineRow, writeQuarantine } from "#lib/gateway/store/quarantine.ts";
import type { Target } from "#lib/gateway/store/snapshot.ts";
import { newId } from "#lib/platform/id.ts";

/** Named bounds of the comparison, milliseconds: a call needs one at most `freshMs` old; connectors in use are compared every `everyMs`. */
export const liveLimits = { freshMs: 60_000, everyMs: 30_000, inUseMs: 5 * 60_000, tickMs: 2_000 } as const;

/** Knows whether servers still are what was approved. */
export type LiveCheck = {
  /** Whether the last comparison is fresh enough to call. */
  isFresh(target: Target): boolean;
  /** Compares now (joining a comparison under way). @throws UpstreamFailure when it cannot be done */
  check(target: Target): Promise<void>;
  /** What the last comparison found wrong with a tool of a connector, beyond what the policy knows already. */
  fault(target: Target, tool: CompiledTool): "tool_quarantined" | "connector_quarantined" | null;
  /** A server said that its tools changed: no call before the next comparison, which starts at once. */
  expire(connectorId: string): void;
  close(): void;
};

type State = { versionId: string; checkedAt: number; usedAt: number; drifted: ReadonlySet<string>; isOther: boolean };

export type LiveOptions = {
  pool: pg.Pool;
  keeper: PolicyKeeper;
  inspect: (target: Target) => Promise<ServerSnapshot>;
  onError: (error: unknown) => void;
};

/**
 * Compares live definitions with the approved ones by digest. A changed or missing tool, or a server of another identity, is put in
 * quarantine with an event, and refused here from the moment it was seen.
 */
export function createLiveCheck({ pool, keeper, inspect, onError }: LiveOptions): LiveCheck {
  const states = new Map<string, State>();
  const running = new Map<string, Promise<void>>();
  const timer = setInterval(tick, liveLimits.tickMs);

  function tick(): void {
    const now = performance.now();
    for (const [connectorId, state] of states) {
      if (now - state.usedAt > liveLimits.inUseMs) states.delete(connectorId);
      else if (now - state.checkedAt > liveLimits.everyMs) recheck(connectorId);
    }
  }

  function recheck(connectorId: string): void {
    const target = keeper.current()?.targets.get(connectorId);
    if (target !== undefined) check(target).catch(onError);
  }

  function check(target: Target): Promise<void> {
    const known = running.get(target.versionId);
    if (known !== undefined) return known;
    const started = compare(target).finally(() => running.delete(target.versionId));
    running.set(target.versionId, started);
    return started;
  }

  async function compare(target: Target): Promise<void> {
    const checkedAt = performance.now();
    const seen = await inspect(target);
    const connector = keeper.current()?.snapshot.connectors.get(target.slug);
    if (connector === undefined || connector.versionId !== target.versionId) return;
    const drifts = findDrifts(connector, seen);
    const isOther = !isSameServer(target.identity, seen.identity);
    states.set(target.connectorId, {
      versionId: target.versionId,
      checkedAt,
      usedAt: states.get(target.connectorId)?.usedAt ?? checkedAt,
      drifted: new Set(drifts.map(({ tool }) => tool.id)),
      isOther,
    });
    if (isOther) await quarantine(identityRow(connector, target, seen));
    for (const drift of drifts) await quarantine(driftRow(connector, drift));
  }

  async function quarantine(row: QuarantineRow): Promise<void> {
    const { connectorId, toolId, reason, approvedDigest, seenDigest } = row;
    const subjects = toolId === null ? [connectorId, row.id] : [connectorId, row.id, toolId];
    const type = toolId === null ? "connector.quarantined" : "tool.quarantined";
    const data = { approvedDigest, quarantineId: row.id, reason, seenDigest, toolId };
    const event = eventRow(type, { kind: "service", id: "gateway" }, subjects, data, keeper.now(), {
      connectorId,
      reason,
    });
    // refused here already; a database that is gone is told at the next comparison
    await writeQuarantine(pool, row, event).catch(onError);
  }

  return {
    check,
    isFresh(target) {
      const state = states.get(target.connectorId);
      if (state === undefined || state.versionId !== target.versionId) return false;
      state.usedAt = performance.now();
      return state.usedAt - state.checkedAt < liveLimits.freshMs;
    },
    fault(target, tool) {
      const state = states.get(target.connectorId);
      if (state === undefined || state.versionId !== target.versionId) return null;
      if (state.isOther) return "connector_quarantined";
      return state.drifted.has(tool.id) ? "tool_quarantined" : null;
    },
    expire(connectorId) {
      const state = states.get(connectorId);
      if (state !== undefined) state.checkedAt = Number.NEGATIVE_INFINITY;
      // a comparison under way may have read the list before it changed
      const versionId = state?.versionId;
      const last = versionId === undefined ? undefined : running.get(versionId);
      if (last === undefined) recheck(connectorId);
      else last.then(() => recheck(connectorId), onError);
    },
    close: () => clearInterval(timer),
  };
}

type Drift = { tool: CompiledTool; seen: JsonObject | null; seenDigest: string | null };

function findDrifts(connector: CompiledConnector, seen: ServerSnapshot): Drift[] {
  const offered = new Map<string, JsonObject>();
  for (const { kind, name, definition } of seen.capabilities) offered.set(`${kind} ${name}`, definition);
  const drifts: Drift[] = [];
  for (const tool of Object.values(connector.tools).flatMap((tools) => [...tools.values()])) {
    // servers list resources of the moment; only those that were approved have to stay
    if (tool.kind !== "tool" && tool.refusal !== null) continue;
    const definition = offered.get(`${tool.kind} ${tool.name}`) ?? null;
    const seenDigest = definition === null ? null : definitionDigest(definition, sha256Hex);
    if (seenDigest !== tool.definitionDigest) drifts.push({ tool, seen: definition, seenDigest });
  }
  return drifts;
}

function driftRow(connector: CompiledConnector, { tool, seen, seenDigest }: Drift): QuarantineRow {
  return {
    id: newId("qua"),
    connectorId: connector.id,
    toolId: tool.id,
    reason: seen === null ? "tool_missing" : "definition_changed",
    approvedDigest: tool.definitionDigest,
    seenDigest,
    seen: seen === null ? null : canonicalize(seen),
  };
}

function identityRow(connector: CompiledConnector, target: Target, seen: ServerSnapshot): QuarantineRow {
  const [approved, now] = [target.identity, seen.identity].map((identity) => canonicalize(pinnedIdentity(identity)));
  return {
    id: newId("qua"),
    connectorId: connector.id,
    toolId: null,
    reason: "identity_changed",
    approvedDigest: sha256Hex(approved ?? ""),
    seenDigest: sha256Hex(now ?? ""),
    seen: now ?? null,
  };
}

/** Whether name, protocol revision and, with TLS, the public key are those that were approved. */
function isSameServer(approved: ServerIdentity, seen: ServerIdentity): boolean {
  if (approved.serverInfo.name !== seen.serverInfo.name || approved.protocolVersion !== seen.protocolVersion)
    return false;
  if (approved.transport !== "streamable-http" || seen.transport !== "streamable-http")
    return approved.transport === seen.transport;
  return (approved.tls?.spkiSha256 ?? null) === (seen.tls?.spkiSha256 ?? null);
}

function sha256Hex(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}

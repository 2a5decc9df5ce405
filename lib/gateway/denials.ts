import type { JsonObject } from "#lib/core/canonical.ts";
import type { EventType } from "#lib/core/log/event-types.ts";
import type { Recorder } from "#lib/gateway/recorder.ts";
import { eventRow } from "#lib/gateway/records.ts";
import type { EventRow } from "#lib/gateway/store/recorder.ts";

/** Refused traffic. `agentId` is null where nobody was authenticated. */
export type Denial = {
  type: Extract<EventType, "call.denied" | "call.malformed" | "agent-token.refused">;
  agentId: string | null;
  connectorId: string | null;
  toolId: string | null;
  /** As asked for, cut; null where there is none, or where the name is not one of the connector's. */
  tool: string | null;
  grantId: string | null;
  reason: string;
  data: JsonObject;
};

/** Records refused traffic on connections of its own, so that noise never delays calls. */
export type Denials = {
  /** @returns the id under which it is recorded; null when it is only counted */
  record(denial: Denial, now: number): string | null;
  flush(timeoutMs: number): Promise<void>;
};

/** Beyond so many per second, refusals of one agent on one connector for one reason are counted, not recorded one by one. */
export const denialsPerSecondMax = 10;
/** When so many wait to be written (a lost database), all refusals are counted. */
const waitingMax = 1_000;
const keysMax = 1_000;

type Count = { recorded: number; counted: number; denial: Denial };

/** @param recorder the lane of its own @param clock the database's clock, for the moment of a count */
export function createDenials(recorder: Recorder, clock: () => number): Denials {
  let counts = new Map<string, Count>();
  const timer = setInterval(report, 1_000);

  function report(): void {
    const last = counts;
    counts = new Map();
    // with the database gone the counts go on, they are not lost
    const isStuck = recorder.pending() >= waitingMax;
    for (const [key, count] of last) {
      if (count.counted === 0) continue;
      if (isStuck) counts.set(key, count);
      else recorder.later(aggregated(count, clock()));
    }
  }

  return {
    record(denial, now) {
      const exact = `${denial.type} ${denial.agentId} ${denial.connectorId} ${denial.reason}`;
      const key = counts.has(exact) || counts.size < keysMax ? exact : "others";
      let count = counts.get(key);
      if (count === undefined) {
        count = { recorded: 0, counted: 0, denial: key === exact ? denial : others(denial) };
        counts.set(key, count);
      }
      if (count.recorded >= denialsPerSecondMax || key !== exact || recorder.pending() >= waitingMax) {
        count.counted += 1;
        return null;
      }
      count.recorded += 1;
      const row = denialRow(denial, now);
      recorder.later(row);
      return row.id;
    },
    async flush(timeoutMs) {
      clearInterval(timer);
      report();
      await recorder.flush(timeoutMs);
    },
  };
}

function denialRow(denial: Denial, now: number): EventRow {
  const { type, agentId, connectorId, toolId, tool, grantId, reason, data } = denial;
  const subjects = [agentId, connectorId, grantId, toolId].filter((id) => id !== null);
  return eventRow(type, principalOf(denial), subjects, { ...data, decision: "deny", grantId, reason, toolId }, now, {
    connectorId,
    tool,
    decision: "deny",
    reason,
    grantId,
  });
}

function aggregated({ counted, denial }: Count, now: number): EventRow {
  const { type, agentId, connectorId, reason } = denial;
  const subjects = [agentId, connectorId].filter((id) => id !== null);
  const data = { connectorId, count: counted, decision: "deny", kind: type, perSecond: denialsPerSecondMax, reason };
  return eventRow("calls.denied-aggregated", principalOf(denial), subjects, data, now, {
    connectorId,
    decision: "deny",
    reason,
  });
}

function others(denial: Denial): Denial {
  return { ...denial, agentId: null, connectorId: null, reason: "several" };
}

function principalOf({ agentId }: Denial): { kind: "agent" | "anonymous"; id: string } {
  return agentId === null ? { kind: "anonymous", id: "anonymous" } : { kind: "agent", id: agentId };
}

import type pg from "pg";
import { compile, recompile } from "#lib/core/decision/compile.ts";
import type { Snapshot } from "#lib/core/decision/snapshot.ts";
import { listen } from "#lib/db/pool.ts";
import {
  type AllowedEntry,
  type PolicyRows,
  readEpoch,
  readPolicy,
  type Target,
  type Wanted,
} from "#lib/gateway/store/snapshot.ts";

/** What decisions and upstream legs read; immutable, swapped as a whole. */
export type Policy = {
  snapshot: Snapshot;
  /** By connector id. */
  targets: ReadonlyMap<string, Target>;
  allowList: readonly AllowedEntry[];
  /** Whether the deployment is a demo, where pinned packages run without a release. */
  isDemo: boolean;
};

/** Named bounds of staleness (docs: README), milliseconds. */
export const policyLimits = { pollMs: 500, unconfirmedMsMax: 2_000, clockSkewMsMax: 2_000 } as const;

/** Keeps the policy current. */
export type PolicyKeeper = {
  current(): Policy | null;
  /** Why nothing may be permitted now: unconfirmed for 2 s, or a clock that is off by more than 2 s. */
  refusal(): "policy_unconfirmed" | "clock_skew" | null;
  /** Whether the database answered lately. */
  isDatabaseAnswering(): boolean;
  /** The database's clock, milliseconds. */
  now(): number;
  /** Resolves when the policy was read again (or that failed). */
  refresh(): Promise<void>;
  /** Called after each swap. */
  onSwap(listener: (policy: Policy) => void): void;
  close(): Promise<void>;
};

export type KeeperOptions = {
  pool: pg.Pool;
  /** For LISTEN. */
  url: string;
  /** The process's clock, milliseconds; tests put it wrong. */
  clock?: () => number;
  onError?: (error: unknown) => void;
};

/**
 * Reads the policy, then follows it: notifications name what changed and only that is read again; after a gap everything is.
 * A poll confirms the epoch twice a second, so a lost notification costs at most that.
 */
export function keepPolicy({ pool, url, clock = Date.now, onError = () => {} }: KeeperOptions): PolicyKeeper {
  let policy: Policy | null = null;
  let confirmedAt = Number.NEGATIVE_INFINITY;
  let answeredAt = Number.NEGATIVE_INFINITY;
  let offsetMs = 0;
  let changes = noChanges();
  let running: Promise<void> | null = null;
  let closed = false;
  let polling = false;
  const listeners: ((policy: Policy) => void)[] = [];

  const listener = listen(
    url,
    ["ambit_policy"],
    (_, payload) => {
      note(changes, payload);
      void refresh();
    },
    () => {
      changes.complete = false;
      void refresh();
    },
  );
  const timer = setInterval(() => void poll(), policyLimits.pollMs);

  async function poll(): Promise<void> {
    if (polling || closed) return;
    polling = true;
    const asked = performance.now();
    try {
      const before = clock();
      const { epoch, databaseMs } = await readEpoch(pool);
      const tripMs = performance.now() - asked;
      answeredAt = performance.now();
      // a slow answer says too little about the clock
      if (tripMs < 250 || Math.abs(databaseMs - before) > policyLimits.clockSkewMsMax + tripMs)
        offsetMs = databaseMs - (before + tripMs / 2);
      if (policy?.snapshot.epoch === epoch) confirmedAt = Math.max(confirmedAt, asked);
      else await refresh();
    } catch (error) {
      onError(error);
    } finally {
      polling = false;
    }
  }

  function refresh(): Promise<void> {
    running ??= read().finally(() => {
      running = null;
      // what was notified during the read may have happened after it, or be more of a change whose first row started the read
      if (!closed && changes.epochs.size > 0) void refresh();
    });
    return running;
  }

  async function read(): Promise<void> {
    if (closed) return;
    const asked = performance.now();
    const known = changes;
    changes = noChanges();
    try {
      const last = policy;
      const rows = await readPolicy(pool, (epoch) => whatToRead(last, known, epoch));
      policy = last === null || rows.wanted === "all" ? whole(rows) : patched(last, rows, rows.wanted);
      confirmedAt = asked;
      answeredAt = performance.now();
      for (const told of listeners) told(policy);
    } catch (error) {
      changes.complete = false;
      onError(error);
    }
  }

  void poll();

  return {
    current: () => policy,
    refusal() {
      if (Math.abs(offsetMs) > policyLimits.clockSkewMsMax) return "clock_skew";
      return performance.now() - confirmedAt > policyLimits.unconfirmedMsMax ? "policy_unconfirmed" : null;
    },
    isDatabaseAnswering: () => performance.now() - answeredAt < policyLimits.unconfirmedMsMax,
    now: () => clock() + offsetMs,
    // a read that is under way may have begun before the change
    refresh: async () => {
      if (running !== null) await running;
      await refresh();
    },
    onSwap: (told) => void listeners.push(told),
    async close() {
      closed = true;
      clearInterval(timer);
      await listener.close();
      await running;
    },
  };
}

type Changes = {
  /** Whether every epoch since the last read was notified. */
  complete: boolean;
  epochs: Set<number>;
  agents: Set<string>;
  connectors: Set<string>;
  holders: Set<string>;
  grantedConnectors: Set<string>;
};

function noChanges(): Changes {
  return {
    complete: true,
    epochs: new Set(),
    agents: new Set(),
    connectors: new Set(),
    holders: new Set(),
    grantedConnectors: new Set(),
  };
}

type Notice = { epoch: number; table: string; agent?: string | null; connector?: string | null };

/**
 * Notes one notification of `ambit_policy`: `{epoch, table, agent, connector}`. Every role may send any text; one that cannot be read means
 * that everything is read again.
 */
function note(changes: Changes, payload: string): void {
  const notice = readNotice(payload);
  if (notice === null) {
    changes.complete = false;
    return;
  }
  const { epoch, table, agent, connector } = notice;
  changes.epochs.add(epoch);
  if (table === "scope_grant") {
    if (agent) changes.holders.add(agent);
    else if (connector) changes.grantedConnectors.add(connector);
  } else if (agent) changes.agents.add(agent);
  else if (connector) changes.connectors.add(connector);
  // people in teams and the allow-list (read every time) name nobody; anything else unnamed means everything
  else if (table !== "team_member" && table !== "egress_allow") changes.complete = false;
}

function readNotice(payload: string): Notice | null {
  try {
    const notice: unknown = JSON.parse(payload);
    const isWhole =
      typeof notice === "object" &&
      notice !== null &&
      "epoch" in notice &&
      Number.isSafeInteger(notice.epoch) &&
      "table" in notice &&
      typeof notice.table === "string";
    return isWhole ? (notice as Notice) : null;
  } catch {
    return null;
  }
}

function whatToRead(last: Policy | null, changes: Changes, epoch: number): Wanted {
  if (last === null || !changes.complete) return "all";
  for (let one = last.snapshot.epoch + 1; one <= epoch; one += 1) if (!changes.epochs.has(one)) return "all";
  return {
    agents: [...changes.agents],
    connectors: [...changes.connectors],
    grants: { principalIds: [...changes.holders], connectorIds: [...changes.grantedConnectors] },
  };
}

function whole(rows: PolicyRows): Policy {
  const { epoch, agents, connectors, grants, targets, allowList, isDemo } = rows;
  return {
    snapshot: compile({ epoch, policyVersion: `e${epoch}`, agents, connectors, grants }),
    targets: new Map(targets.map((target) => [target.connectorId, target])),
    allowList,
    isDemo,
  };
}

function patched(last: Policy, rows: PolicyRows, wanted: Exclude<Wanted, "all">): Policy {
  const { epoch, agents, connectors, grants, targets, allowList, isDemo } = rows;
  const next = new Map(last.targets);
  for (const id of wanted.connectors) next.delete(id);
  for (const target of targets) next.set(target.connectorId, target);
  const hasGrants = wanted.grants.principalIds.length + wanted.grants.connectorIds.length > 0;
  return {
    snapshot: recompile(last.snapshot, {
      epoch,
      policyVersion: `e${epoch}`,
      ...(wanted.agents.length > 0 ? { agents: { ids: wanted.agents, rows: agents } } : {}),
      ...(wanted.connectors.length > 0 ? { connectors: { ids: wanted.connectors, rows: connectors } } : {}),
      ...(hasGrants ? { grants: { ...wanted.grants, rows: grants } } : {}),
    }),
    targets: next,
    allowList,
    isDemo,
  };
}

"use client";
import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useMemo } from "react";
import type { InputOf } from "#lib/contract/index.ts";

/** Kinds of entries to filter by. */
export const kinds = ["calls", "denials", "changes"] as const;
/** Periods to filter by; `custom` goes with two days. */
export const periods = ["hour", "day", "week", "month", "custom"] as const;

const hoursOf = { hour: 1, day: 24, week: 7 * 24, month: 30 * 24 } as const;

/** What the list shows, all of it in the URL under the names of the contract. */
export function useActivityFilter() {
  const [asked, set] = useQueryStates({
    types: parseAsStringLiteral(kinds),
    connectorId: parseAsString,
    agentId: parseAsString,
    subjectId: parseAsString,
    grantId: parseAsString,
    principalId: parseAsString,
    period: parseAsStringLiteral(periods),
    from: parseAsString,
    to: parseAsString,
  });
  const { types, connectorId, agentId, subjectId, grantId, principalId, period, from, to } = asked;
  const input = useMemo((): InputOf<"activity.list"> => {
    const since =
      period === null || period === "custom"
        ? instantOf(from)
        : new Date(Date.now() - hoursOf[period] * 3_600_000).toISOString();
    const until = period === null || period === "custom" ? instantOf(to) : null;
    return {
      ...(types === null ? {} : { types }),
      ...(connectorId === null ? {} : { connectorId }),
      ...(agentId === null ? {} : { agentId }),
      ...(subjectId === null ? {} : { subjectId }),
      ...(grantId === null ? {} : { grantId }),
      ...(principalId === null ? {} : { principalId }),
      ...(since === null ? {} : { from: since }),
      ...(until === null ? {} : { to: until }),
    };
  }, [types, connectorId, agentId, subjectId, grantId, principalId, period, from, to]);
  return { asked, input, set, isFiltered: Object.values(asked).some((value) => value !== null) };
}

/** What `useActivityFilter` gives. */
export type ActivityFilter = ReturnType<typeof useActivityFilter>;

/** A day or an instant of the URL as an instant; null for anything else. */
function instantOf(text: string | null): string | null {
  const at = text === null ? Number.NaN : Date.parse(text);
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}

"use client";
import { useMemo } from "react";
import type { NavId } from "#components/shell/nav-items.ts";
import { createSlot, useProvide } from "#components/shell/slot.ts";

/** What waits in each section. */
export type NavCounts = Partial<Record<NavId, number>>;

/** Filled by whoever knows, read by the rail. */
export const navCountSlot = createSlot<NavCounts>();

/** Shows counts beside the sections of the rail, e.g. `{ requests: 3 }`. */
export function useNavCounts(counts: NavCounts): void {
  const key = JSON.stringify(counts);
  useProvide(
    navCountSlot,
    useMemo(() => JSON.parse(key) as NavCounts, [key]),
  );
}

"use client";
import type { Route } from "next";
import { createSlot, useProvide } from "#components/shell/slot.ts";

/** Something found: a name, what it is, where it is. */
export type PaletteResult = { id: string; label: string; kind: string; href: Route };

/** Answers a search in the palette; `signal` aborts when the person types on. */
export type PaletteSearch = (query: string, signal: AbortSignal) => Promise<readonly PaletteResult[]>;

/** Filled once, by whoever can search the whole estate. */
export const searchSlot = createSlot<PaletteSearch>();

/** Lets the command palette search. Keep the function stable. */
export function usePaletteSearch(search: PaletteSearch): void {
  useProvide(searchSlot, search);
}

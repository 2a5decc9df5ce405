"use client";
import type { Route } from "next";
import type { ReactNode } from "react";
import { createSlot, useProvide } from "#components/shell/slot.ts";

/** An act of the open page, offered in the command palette. `shortcut` is shown only; bind it with `useShortcut`. */
export type PaletteCommand = {
  id: string;
  label: string;
  icon?: ReactNode;
  keywords?: string;
  shortcut?: string;
  onSelect: () => void;
};

/** Something found: a name, what it is, where it is. */
export type PaletteResult = { id: string; label: string; kind: string; href: Route };

/** Answers a search in the palette; `signal` aborts when the person types on. */
export type PaletteSearch = (query: string, signal: AbortSignal) => Promise<readonly PaletteResult[]>;

/** Filled by pages, read by the palette. */
export const commandSlot = createSlot<readonly PaletteCommand[]>();

/** Filled once, by whoever can search the whole estate. */
export const searchSlot = createSlot<PaletteSearch>();

/** Offers acts of the open page in the command palette while the component is mounted. Memoise the list. */
export function usePaletteCommands(commands: readonly PaletteCommand[]): void {
  useProvide(commandSlot, commands);
}

/** Lets the command palette search. Keep the function stable. */
export function usePaletteSearch(search: PaletteSearch): void {
  useProvide(searchSlot, search);
}

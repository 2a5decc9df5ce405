"use client";
import { useSyncExternalStore } from "react";
import { keptForWhom } from "#components/ui/kept-state.ts";

/** A named state of a list: its path with everything that the address says. */
export type SavedView = { name: string; href: string };

const none: readonly SavedView[] = [];
const listeners = new Set<() => void>();
let known: { raw: string; views: readonly SavedView[] } = { raw: "", views: none };

/** The views that this person saved in this browser, by name. During server rendering there are none. */
export function useSavedViews(): readonly SavedView[] {
  return useSyncExternalStore(subscribe, read, () => none);
}

/** Saves a view; one of the same list and name is replaced. */
export function saveView(view: SavedView): void {
  write([...read().filter((other) => !isSame(other, view)), view]);
}

/** Forgets a view. */
export function removeView(view: SavedView): void {
  write(read().filter((other) => !isSame(other, view)));
}

/** The list that a view is of. */
export function listOf({ href }: Pick<SavedView, "href">): string {
  return href.split("?")[0] ?? href;
}

function isSame(a: SavedView, b: SavedView): boolean {
  return a.name === b.name && listOf(a) === listOf(b);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener("storage", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("storage", listener);
  };
}

function read(): readonly SavedView[] {
  try {
    const raw = localStorage.getItem(key()) ?? "[]";
    if (raw !== known.raw) known = { raw, views: (JSON.parse(raw) as unknown[]).filter(isView) };
    return known.views;
  } catch {
    return none;
  }
}

function write(views: readonly SavedView[]): void {
  const sorted = [...views].sort((a, b) => a.name.localeCompare(b.name, "en"));
  try {
    localStorage.setItem(key(), JSON.stringify(sorted));
  } catch {
    // Storage may be full or switched off; the list itself is as it was.
  }
  for (const listener of listeners) listener();
}

/** Only paths of this site: what is stored may have been edited. */
function isView(value: unknown): value is SavedView {
  const { name, href } = Object(value) as { name?: unknown; href?: unknown };
  return typeof name === "string" && typeof href === "string" && /^\/(?![/\\])/.test(href);
}

function key(): string {
  return `ambit.views.${keptForWhom() ?? ""}`;
}

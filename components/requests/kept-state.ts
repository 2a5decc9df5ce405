"use client";
import { useCallback, useMemo, useSyncExternalStore } from "react";

const memory = new Map<string, string | null>();
const listeners = new Set<() => void>();

/**
 * State that outlives the page in this tab (sessionStorage): reasons and forms come back after a new sign-in. Values are JSON;
 * `null` forgets. During server rendering it is always `null`. Never for secrets.
 */
export function useKept<Value>(key: string): [Value | null, (value: Value | null) => void] {
  const raw = useSyncExternalStore(subscribe, () => read(key), readNothing);
  const value = useMemo(() => (raw === null ? null : (JSON.parse(raw) as Value)), [raw]);
  const set = useCallback((next: Value | null) => keep(key, next), [key]);
  return [value, set];
}

/** Keeps a value under a key from outside of rendering. */
export function keep(key: string, value: unknown): void {
  const raw = value === null ? null : JSON.stringify(value);
  memory.set(key, raw);
  try {
    if (raw === null) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, raw);
  } catch {
    // Storage may be full or switched off; the value then lives as long as the page.
  }
  for (const listener of listeners) listener();
}

/** What is kept under a key at this moment, for use outside of rendering. */
export function readKept<Value>(key: string): Value | null {
  const raw = read(key);
  return raw === null ? null : (JSON.parse(raw) as Value);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

function read(key: string): string | null {
  const known = memory.get(key);
  if (known !== undefined) return known;
  let raw: string | null = null;
  try {
    raw = sessionStorage.getItem(key);
    if (raw !== null) JSON.parse(raw);
  } catch {
    raw = null;
  }
  memory.set(key, raw);
  return raw;
}

function readNothing(): null {
  return null;
}

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
    if (raw === null) sessionStorage.removeItem(stored(key));
    else sessionStorage.setItem(stored(key), raw);
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

const keptFor = "ambit.kept-for";

/**
 * What one person typed is nobody else's: forgets everything kept in this tab unless it was kept for this person.
 * @param personId null when somebody signs out
 */
export function keepFor(personId: string | null): void {
  try {
    if (personId !== null && sessionStorage.getItem(keptFor) === personId) return;
    for (const key of Object.keys(sessionStorage)) if (key.startsWith("ambit.")) sessionStorage.removeItem(key);
    if (personId !== null) sessionStorage.setItem(keptFor, personId);
  } catch {
    // Without storage nothing outlives the page.
  }
  memory.clear();
  for (const listener of listeners) listener();
}

/** For whom this tab keeps things now. */
export function keptForWhom(): string | null {
  return sessionStorage.getItem(keptFor);
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
    raw = sessionStorage.getItem(stored(key));
    if (raw !== null) JSON.parse(raw);
  } catch {
    raw = null;
  }
  memory.set(key, raw);
  return raw;
}

/** Everything that is kept starts alike, so that all of it can be forgotten. */
function stored(key: string): string {
  return key.startsWith("ambit.") ? key : `ambit.${key}`;
}

function readNothing(): null {
  return null;
}

"use client";
import { useCallback, useSyncExternalStore } from "react";

const listeners = new Set<() => void>();

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

/**
 * A text that survives a new sign-in: kept for this tab of the browser until it is cleared (set to an empty text).
 * @param key tells drafts apart, e.g. `suspend con_…`
 */
export function useDraft(key: string): readonly [string, (text: string) => void] {
  const name = `draft ${key}`;
  const text = useSyncExternalStore(
    subscribe,
    () => sessionStorage.getItem(name) ?? "",
    () => "",
  );
  const setText = useCallback(
    (next: string) => {
      if (next === "") sessionStorage.removeItem(name);
      else sessionStorage.setItem(name, next);
      for (const listener of listeners) listener();
    },
    [name],
  );
  return [text, setText];
}

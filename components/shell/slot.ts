"use client";
import { useEffect, useSyncExternalStore } from "react";

/** A place in the shell that the open page fills. */
export type Slot<Value> = {
  /** Puts a value there; the answer takes it out again. */
  provide: (value: Value) => () => void;
  subscribe: (listener: () => void) => () => void;
  read: () => readonly Value[];
};

/** A new, empty place. */
export function createSlot<Value>(): Slot<Value> {
  const provided = new Map<symbol, Value>();
  const listeners = new Set<() => void>();
  let list: readonly Value[] = [];

  function publish() {
    list = [...provided.values()];
    for (const listener of listeners) listener();
  }
  return {
    provide(value) {
      const key = Symbol("provided");
      provided.set(key, value);
      publish();
      return () => {
        provided.delete(key);
        publish();
      };
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    read: () => list,
  };
}

/** Fills a slot while the component is mounted. Keep the value stable. */
export function useProvide<Value>(slot: Slot<Value>, value: Value): void {
  useEffect(() => slot.provide(value), [slot, value]);
}

/** What fills a slot now; nothing during server rendering. */
export function useProvided<Value>(slot: Slot<Value>): readonly Value[] {
  return useSyncExternalStore(slot.subscribe, slot.read, readNone);
}

const none: readonly never[] = [];

function readNone(): readonly never[] {
  return none;
}

"use client";
import { useSyncExternalStore } from "react";

const tickMs = 15_000;

/** The time now in milliseconds, moving every 15 seconds; one clock for all that show relative times. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, currentTick, currentTick);
}

function subscribe(onTick: () => void): () => void {
  const timer = setInterval(onTick, tickMs);
  return () => clearInterval(timer);
}

function currentTick(): number {
  return Math.floor(Date.now() / tickMs) * tickMs;
}

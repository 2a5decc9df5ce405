"use client";
import { useEffect, useEffectEvent, useState } from "react";

/** How the stream is: waiting for the first word, heard from, or refused and given up by the browser. */
export type LiveState = "connecting" | "live" | "off";

/**
 * Listens to how far the log is. The stream carries no data; `onTick` asks for it.
 * @returns the state of the stream, and how to connect again once it is off
 */
export function useTicks(onTick: () => void): { state: LiveState; reconnect: () => void } {
  const [state, setState] = useState<LiveState>("connecting");
  const [attempt, setAttempt] = useState(0);
  const hear = useEffectEvent(onTick);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new attempt opens a new stream
  useEffect(() => {
    const source = new EventSource("/api/stream");
    source.addEventListener("open", () => setState("live"));
    source.addEventListener("tick", () => hear());
    source.addEventListener("error", () => setState(source.readyState === EventSource.CLOSED ? "off" : "connecting"));
    return () => source.close();
  }, [attempt]);
  return {
    state,
    reconnect: () => {
      setState("connecting");
      setAttempt(attempt + 1);
    },
  };
}

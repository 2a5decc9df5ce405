"use client";
import { useEffect, useEffectEvent } from "react";

/**
 * Runs `handler` when `key` (as in `KeyboardEvent.key`, e.g. "j", "?") is pressed on the page: not while typing, not in a dialog,
 * menu or list box, not with Ctrl, Alt or Meta. The first handler on the page wins.
 */
export function useShortcut(key: string, handler: () => void, enabled = true): void {
  const onMatch = useEffectEvent(handler);
  useEffect(() => {
    if (!enabled) return;
    function onKeyDown(event: KeyboardEvent) {
      if (event.key !== key || !isFree(event)) return;
      event.preventDefault();
      onMatch();
    }
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, [key, enabled]);
}

/** Whether a plain key press belongs to the page, not to a field, an overlay or the browser. */
export function isFree(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return false;
  const target = event.target instanceof Element ? event.target : null;
  return !target?.closest(
    "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true], [role=dialog], [role=alertdialog], [role=menu], [role=listbox], [role=combobox]",
  );
}

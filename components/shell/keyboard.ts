"use client";
import { useRouter } from "next/navigation";
import { useEffect, useEffectEvent } from "react";
import { navItems } from "#components/shell/nav-items.ts";
import { isFree, useShortcut } from "#components/ui/shortcut.ts";

const sequenceMs = 1200;

/** Keys that work on every page: ⌘K or Ctrl+K, `/`, `?`, and `g` followed by a section's letter. */
export function useGlobalKeys({ onPalette, onSheet }: { onPalette: () => void; onSheet: () => void }): void {
  const router = useRouter();
  const openPalette = useEffectEvent(onPalette);
  const goTo = useEffectEvent((letter: string) => {
    const item = navItems.find((candidate) => candidate.letter === letter);
    if (item) router.push(item.href);
    return item !== undefined;
  });

  useEffect(() => {
    let waitingUntil = 0;
    function onKeyDown(event: KeyboardEvent) {
      if (event.key.toLowerCase() === "k" && (event.metaKey || event.ctrlKey) && !event.shiftKey && !event.altKey) {
        event.preventDefault();
        openPalette();
      } else if (isFree(event)) {
        const isSecond = performance.now() < waitingUntil;
        waitingUntil = event.key === "g" && !isSecond ? performance.now() + sequenceMs : 0;
        if (isSecond && goTo(event.key)) {
          // The letter may be a shortcut of the page too ("a" in review): here it only goes.
          event.preventDefault();
          event.stopImmediatePropagation();
        }
      }
    }
    window.addEventListener("keydown", onKeyDown, { capture: true });
    return () => window.removeEventListener("keydown", onKeyDown, { capture: true });
  }, []);

  useShortcut("?", onSheet);
  useShortcut("/", () => {
    const field = document.querySelector<HTMLInputElement>("[data-search]");
    if (field) field.focus();
    else onPalette();
  });
}

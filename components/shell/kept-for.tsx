"use client";
import { useState } from "react";
import { keepFor } from "#components/ui/kept-state.ts";

/** Stands before a page: whatever was typed in this tab by somebody else is forgotten before the page could show it. */
export function KeptFor({ personId }: { personId: string }) {
  useState(() => {
    if (typeof window !== "undefined") keepFor(personId);
    return personId;
  });
  return null;
}

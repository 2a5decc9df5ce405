"use client";
import type { Route } from "next";
import { useCallback } from "react";
import { useTranslations } from "use-intl";
import { usePaletteSearch } from "#components/shell/palette-commands.ts";
import { call } from "#lib/client/call.ts";

const kinds = ["connector", "tool", "agent", "request", "person"] as const;

/** Lets the command palette find anything the person may see, by name. Shows nothing itself. */
export function EstateSearch() {
  const t = useTranslations("shell.found");
  const search = useCallback(
    async (q: string, signal: AbortSignal) => {
      const { items } = await call("home.search", { q }, { signal });
      return items.map(({ id, title, kind, detail, href }) => {
        const known = kinds.find((one) => one === kind);
        const word = known === undefined ? kind : t(known);
        return { id, label: title, kind: detail === "" ? word : `${word} · ${detail}`, href: href as Route };
      });
    },
    [t],
  );
  usePaletteSearch(search);
  return null;
}

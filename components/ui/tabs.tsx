"use client";
import { Tabs as Base } from "@base-ui/react/tabs";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import type { ReactNode } from "react";

/** One tab; its panel is rendered only while it is shown. */
export type Tab = { id: string; label: ReactNode; count?: number; panel: ReactNode };

/** Tabs whose choice is in the URL (`?tab=`), so that a link opens the same one. */
export function Tabs({ label, tabs, urlKey = "tab" }: { label: string; tabs: readonly Tab[]; urlKey?: string }) {
  const ids = tabs.map((tab) => tab.id);
  const [chosen, setChosen] = useQueryState(urlKey, parseAsStringLiteral(ids));
  const value = chosen ?? ids[0] ?? "";
  return (
    <Base.Root value={value} onValueChange={(next) => void setChosen(next === ids[0] ? null : String(next))}>
      <Base.List aria-label={label} className="flex gap-4 overflow-x-auto border-b" activateOnFocus={false}>
        {tabs.map((tab) => (
          <Base.Tab
            key={tab.id}
            value={tab.id}
            className="-mb-px flex h-9 shrink-0 items-center gap-1.5 border-transparent border-b-2 text-muted text-sm hover:text-ink focus-visible:-outline-offset-2 data-active:border-accent-ink data-active:font-medium data-active:text-ink"
          >
            {tab.label}
            {tab.count === undefined ? null : <span className="text-faint">{tab.count.toLocaleString("en")}</span>}
          </Base.Tab>
        ))}
      </Base.List>
      {tabs.map((tab) => (
        <Base.Panel key={tab.id} value={tab.id} className="pt-4 outline-none">
          {tab.panel}
        </Base.Panel>
      ))}
    </Base.Root>
  );
}

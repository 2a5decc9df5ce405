"use client";
import { useQueryClient } from "@tanstack/react-query";
import { usePathname } from "next/navigation";
import { useSyncExternalStore } from "react";
import { useTranslations } from "use-intl";
import { useQueryFor } from "#lib/client/queries.ts";
import type { OutputOf } from "#lib/contract/index.ts";
import { queryKey } from "#lib/contract/query-key.ts";

type HomeData = OutputOf<"home.get">;
const own: ReadonlySet<string> = new Set(["review", "changes_requested"]);

/** How many requests wait for the person, beside the section's name. Home asks for the same thing, so it is asked for once. */
export function RequestCount({ isCollapsed }: { isCollapsed: boolean }) {
  return usePathname() === "/" ? <FromHome isCollapsed={isCollapsed} /> : <Asked isCollapsed={isCollapsed} />;
}

/** Home brings its data with it; asking here first would stand in the way of that. */
function FromHome({ isCollapsed }: { isCollapsed: boolean }) {
  const client = useQueryClient();
  const home = useSyncExternalStore(
    (listener) => client.getQueryCache().subscribe(listener),
    () => client.getQueryData<HomeData>(queryKey("home.get", {})),
    () => undefined,
  );
  return <Count home={home} isCollapsed={isCollapsed} />;
}

function Asked({ isCollapsed }: { isCollapsed: boolean }) {
  const home = useQueryFor("home.get", {});
  return <Count home={home.data} isCollapsed={isCollapsed} />;
}

function Count({ home, isCollapsed }: { home: HomeData | undefined; isCollapsed: boolean }) {
  const t = useTranslations("shell");
  const count = home?.todos.filter(({ kind }) => own.has(kind)).length ?? 0;
  if (count === 0) return null;
  return (
    <span className={isCollapsed ? "absolute top-0.5 right-0.5" : "ml-auto"}>
      <span
        aria-hidden
        className={
          isCollapsed
            ? "block size-2 rounded-full bg-accent"
            : "rounded-full bg-pressed px-1.5 py-px text-muted text-sm tabular-nums"
        }
      >
        {isCollapsed ? null : count}
      </span>
      <span className="sr-only">{t("waiting", { count })}</span>
    </span>
  );
}

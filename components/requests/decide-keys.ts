"use client";
import type { Route } from "next";
import { useRouter } from "next/navigation";
import { useTranslations } from "use-intl";
import { useShortcut } from "#components/ui/shortcut.ts";
import { toast } from "#components/ui/toast.tsx";

/** `a c r` in the queue: they open the decision of the row in focus and record nothing. */
export function useDecideKeys(): void {
  const router = useRouter();
  const t = useTranslations("requests");
  function open(verdict: "approve" | "request_changes" | "deny") {
    const link = document.activeElement?.closest("tr")?.querySelector<HTMLAnchorElement>("a[data-row-main]");
    if (link) router.push(`${link.pathname}?decide=${verdict}` as Route);
    else toast({ title: t("noFocus") });
  }
  useShortcut("a", () => open("approve"));
  useShortcut("c", () => open("request_changes"));
  useShortcut("r", () => open("deny"));
}

"use client";
import type { Route } from "next";
import { useMemo } from "react";
import { createSlot, useProvide } from "#components/shell/slot.ts";

/** One step of the path to the page; the last has no link. */
export type Crumb = { label: string; href?: Route };

/** Filled by detail pages, read by the top line. */
export const breadcrumbSlot = createSlot<readonly Crumb[]>();

/** Adds crumbs after the section's own, e.g. the name of the connector that is open. */
export function useBreadcrumb(crumbs: readonly Crumb[]): void {
  const key = JSON.stringify(crumbs);
  useProvide(
    breadcrumbSlot,
    useMemo(() => JSON.parse(key) as readonly Crumb[], [key]),
  );
}

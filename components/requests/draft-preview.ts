"use client";
import { useState } from "react";
import { useTranslations } from "use-intl";
import type { FormKind } from "#components/requests/draft-form.ts";
import type { Draft } from "#components/requests/draft-state.ts";
import { useQueryFor } from "#lib/client/queries.ts";
import type { Preview } from "#lib/contract/requests.ts";

/**
 * What submitting a draft would lead to, and what is wrong with each field. Fields that are still empty stay quiet until the
 * person has tried to submit.
 */
export function useDraftPreview<Kind extends FormKind>(draft: Draft<Kind>) {
  const t = useTranslations("requests.form.problem");
  const [tried, setTried] = useState(false);
  const preview = useQueryFor("requests.preview", { requestId: draft.id ?? "" }, { enabled: draft.id !== null });
  const fields = draft.form as Record<string, unknown>;
  const isEmpty = (path: string) => {
    const value = fields[path.split(".")[0] ?? ""];
    return value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
  };
  const messageOf = ({ path, message }: Preview["problems"][number]): string => {
    const known = path as Parameters<typeof t.has>[0];
    return isEmpty(path) && path !== "" && t.has(known) ? t(known) : message;
  };
  return {
    preview: preview.data,
    isUpdating: preview.isFetching || draft.status === "waiting" || draft.status === "saving",
    problems: (preview.data?.problems ?? []).map((problem) => ({ path: problem.path, message: messageOf(problem) })),
    /** The problem to show at a field (dotted path, or the start of one). */
    problemAt(path: string): string | undefined {
      const problem = preview.data?.problems.find((entry) => entry.path === path || entry.path.startsWith(`${path}.`));
      return problem && (tried || !isEmpty(path)) ? messageOf(problem) : undefined;
    },
    showAll: () => setTried(true),
  };
}

export type DraftPreview = ReturnType<typeof useDraftPreview>;

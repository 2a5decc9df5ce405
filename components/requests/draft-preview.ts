"use client";
import { useState } from "react";
import { useTranslations } from "use-intl";
import type { FormKind } from "#components/requests/draft-form.ts";
import type { Draft } from "#components/requests/draft-state.ts";
import { useQueryFor } from "#lib/client/queries.ts";
import type { Preview } from "#lib/contract/requests.ts";

const inspectionMs = 3000;

/**
 * What submitting a draft would lead to, and what is wrong with each field. Fields that are still empty stay quiet until the
 * person has tried to submit.
 */
export function useDraftPreview<Kind extends FormKind>(draft: Draft<Kind>) {
  const t = useTranslations("requests.form.problem");
  const [tried, setTried] = useState(false);
  const wanted = { requestId: draft.id ?? "" };
  const known = useQueryFor("requests.preview", wanted, { enabled: draft.id !== null });
  // The inspection answers without anything being saved here.
  const waits = known.data?.problems.some(({ path }) => path === "probeId") ?? false;
  const preview = useQueryFor("requests.preview", wanted, {
    enabled: draft.id !== null,
    refetchInterval: waits ? inspectionMs : false,
  });
  const fields = draft.form as Record<string, unknown>;
  const isEmpty = (path: string) => {
    const value = fields[path.split(".")[0] ?? ""];
    return value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
  };
  const sent = (draft.savedForm ?? {}) as Record<string, unknown>;
  // What was typed since is judged with its next saving.
  const isJudged = ({ path }: Preview["problems"][number]) => {
    const name = path.split(".")[0] ?? "";
    return JSON.stringify(fields[name]) === JSON.stringify(sent[name]);
  };
  const judged = (preview.data?.problems ?? []).filter(isJudged);
  const messageOf = ({ path, message }: Preview["problems"][number]): string => {
    const known = path as Parameters<typeof t.has>[0];
    return isEmpty(path) && path !== "" && t.has(known) ? t(known) : message;
  };
  return {
    preview: preview.data,
    isUpdating: preview.isFetching || draft.status === "waiting" || draft.status === "saving",
    problems: judged.map((problem) => ({ path: problem.path, message: messageOf(problem) })),
    /** The problem to show at a field (dotted path, or the start of one). */
    problemAt(path: string): string | undefined {
      const problem = judged.find((entry) => entry.path === path || entry.path.startsWith(`${path}.`));
      return problem && (tried || !isEmpty(path)) ? messageOf(problem) : undefined;
    },
    showAll: () => setTried(true),
  };
}

export type DraftPreview = ReturnType<typeof useDraftPreview>;

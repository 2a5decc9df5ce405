"use client";
import { useEffect, useEffectEvent, useState } from "react";
import type { DraftForm, FormKind } from "#components/requests/draft-form.ts";
import { keep, readKept, useKept } from "#components/ui/kept-state.ts";
import { ApiError } from "#lib/client/call.ts";
import { useMutationFor } from "#lib/client/queries.ts";

const saveAfterMs = 800;

/** Failures that typing on does not mend. */
const stays: ReadonlySet<string> = new Set(["not_signed_in", "conflict", "not_found", "invalid_transition"]);

/** A saved draft. `rowVersion` says which state of it was edited. */
export type SavedDraft<Kind extends FormKind> = { id: string; rowVersion: number; form: DraftForm<Kind> };

/**
 * A form that saves itself: `change` shows at once and is kept in this tab until the API has it, so that an expired session, a
 * reload or a lost connection loses nothing. `start` fills a new form; nothing is created before the first change.
 */
export function useDraft<Kind extends FormKind>(kind: Kind, initial: SavedDraft<Kind> | null, start: DraftForm<Kind>) {
  const [saved, setSaved] = useState(initial);
  const newKey = `ambit.draft.new.${kind}.${JSON.stringify(start)}`;
  const key = saved === null ? newKey : keyOf(saved.id);
  const [unsaved, setUnsaved] = useKept<DraftForm<Kind>>(key);
  const [failure, setFailure] = useState<ApiError | null>(null);
  const create = useMutationFor("requests.create");
  const update = useMutationFor("requests.update");
  const isSaving = create.isPending || update.isPending;
  const form = unsaved ?? saved?.form ?? start;

  /** Saves what is not saved yet. @returns the draft as the API has it, or null when that failed */
  async function save(): Promise<SavedDraft<Kind> | null> {
    if (unsaved === null) return saved;
    const sent = unsaved;
    try {
      const row =
        saved === null
          ? await create.mutateAsync({ kind, form: sent })
          : await update.mutateAsync({ requestId: saved.id, form: sent, rowVersion: saved.rowVersion });
      const next = { id: row.id, rowVersion: row.rowVersion, form: sent };
      // What was typed while it was being saved stays unsaved, under the key of the draft that there is now.
      const latest = readKept<DraftForm<Kind>>(key);
      keep(keyOf(next.id), JSON.stringify(latest) === JSON.stringify(sent) ? null : latest);
      if (saved === null) {
        keep(newKey, null);
        // The address of the draft from now on. The page stays as it is: what kind of request it is, it reads from the search.
        window.history.replaceState(null, "", `/requests/${next.id}/edit${window.location.search}`);
      }
      setSaved(next);
      setFailure(null);
      return next;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setFailure(error);
      return null;
    }
  }

  const saveLater = useEffectEvent(() => void save());
  useEffect(() => {
    if (unsaved === null || isSaving || failure !== null) return;
    const timer = setTimeout(saveLater, saveAfterMs);
    return () => clearTimeout(timer);
  }, [unsaved, isSaving, failure]);

  return {
    form,
    /** What the API has of it. */
    savedForm: saved?.form ?? null,
    id: saved?.id ?? null,
    failure,
    status: failure ? "failed" : isSaving ? "saving" : unsaved !== null ? "waiting" : saved ? "saved" : "idle",
    change: (patch: DraftForm<Kind>) => {
      setUnsaved({ ...form, ...patch });
      if (failure !== null && !stays.has(failure.code)) setFailure(null);
    },
    save,
    retry: () => {
      setFailure(null);
      void save();
    },
    /** Takes the draft as it is saved, without what was typed here since. */
    drop: () => {
      setUnsaved(null);
      window.location.reload();
    },
  } as const;
}

export type Draft<Kind extends FormKind> = ReturnType<typeof useDraft<Kind>>;

function keyOf(id: string): string {
  return `ambit.draft.${id}`;
}

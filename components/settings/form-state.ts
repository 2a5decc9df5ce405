"use client";
import { useState } from "react";
import { useSayDone } from "#components/shell/say-done.ts";
import { useKept } from "#components/ui/kept-state.ts";
import { useMutationFor } from "#lib/client/queries.ts";
import type { MutationId } from "#lib/contract/index.ts";

/**
 * A form that ends in one operation: what is typed outlives a new sign-in under `key`, and is forgotten once it was sent.
 * @param done said afterwards; an operation of two persons says by itself that a second one has to confirm
 */
export function useForm<Id extends MutationId, Values extends object>(
  operation: Id,
  options: { key: string; empty: Values; done?: string; onDone?: () => void },
) {
  const [kept, setKept] = useKept<Values>(options.key);
  const [tried, setTried] = useState(false);
  const sayDone = useSayDone();
  const send = useMutationFor(operation, {
    onSuccess: (result) => {
      setKept(null);
      setTried(false);
      sayDone(result as object, options.done);
      options.onDone?.();
    },
  });
  const values = { ...options.empty, ...kept };
  return {
    values,
    set: (some: Partial<Values>) => setKept({ ...values, ...some }),
    /** Whether sending was tried, so that what is missing is said. */
    tried,
    setTried,
    send,
  };
}

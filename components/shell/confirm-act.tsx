"use client";
import { useQueryState } from "nuqs";
import type { ReactNode } from "react";
import { ActError } from "#components/shell/act-error.tsx";
import { useSayDone } from "#components/shell/say-done.ts";
import { AlertConfirm } from "#components/ui/alert-confirm.tsx";
import { useKept } from "#components/ui/kept-state.ts";
import { useMutationFor } from "#lib/client/queries.ts";
import type { InputOf, MutationId } from "#lib/contract/index.ts";

type ConfirmActProps<Id extends MutationId> = {
  /** Its name in the URL (`?act=suspend`): a link or a return from sign-in opens it again. */
  act: string;
  operation: Id;
  input: (reason: string) => InputOf<Id>;
  title: string;
  description: ReactNode;
  reach?: ReactNode;
  confirmLabel: string;
  danger?: boolean;
  reasonMin?: number | false;
  typedPhrase?: string;
  /** Said afterwards. */
  done: string;
};

/** An act that is asked about before it happens. Opened by `useAct`; the reason survives a new sign-in. */
export function ConfirmAct<Id extends MutationId>(props: ConfirmActProps<Id>) {
  const [open, setOpen] = useAct();
  const [reason, keepReason] = useKept<string>(`${props.act} ${JSON.stringify(props.input(""))}`);
  const sayDone = useSayDone();
  const mutation = useMutationFor(props.operation, {
    onSuccess: (result) => {
      keepReason(null);
      setOpen(null);
      sayDone(result, props.done);
    },
  });
  return (
    <AlertConfirm
      open={open === props.act}
      onOpenChange={(next) => {
        if (next) return;
        setOpen(null);
        mutation.reset();
      }}
      title={props.title}
      description={props.description}
      reach={props.reach}
      confirmLabel={props.confirmLabel}
      danger={props.danger ?? false}
      initialReason={reason ?? ""}
      {...(props.reasonMin === undefined ? {} : { reasonMin: props.reasonMin })}
      {...(props.typedPhrase === undefined ? {} : { typedPhrase: props.typedPhrase })}
      pending={mutation.isPending}
      error={mutation.error ? <ActError error={mutation.error} /> : undefined}
      onConfirm={(given) => {
        keepReason(given);
        mutation.mutate(props.input(given));
      }}
    />
  );
}

/** Which act of the page is open, kept in the URL. */
export function useAct(): readonly [string | null, (act: string | null) => void] {
  const [act, setAct] = useQueryState("act");
  return [act, (next) => void setAct(next)];
}

"use client";
import { AlertDialog } from "@base-ui/react/alert-dialog";
import TriangleAlert from "lucide-react/icons/triangle-alert";
import { type ReactElement, type ReactNode, useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { Textarea } from "#components/ui/textarea.tsx";

type AlertConfirmProps = {
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  trigger?: ReactElement;
  title: string;
  description?: ReactNode;
  /** What it will reach, said before ("stops 4 agents, 37 calls in the last hour"). */
  reach?: ReactNode;
  /** The words of the button: what happens. */
  confirmLabel: string;
  danger?: boolean;
  /** Asks for a reason of at least this many characters (default 10); false asks for none. */
  reasonMin?: number | false;
  /** Organisation-wide acts only: the phrase to type. */
  typedPhrase?: string;
  pending?: boolean;
  /** What went wrong; the dialog stays open with everything kept. */
  error?: ReactNode;
  /** A reason that was kept from an earlier try. */
  initialReason?: string;
  /** Close it yourself (`onOpenChange`) once the act is recorded. */
  onConfirm: (reason: string) => void;
};

/** Asks before an act with reach: says the reach, takes the reason, never closes by a click outside. */
export function AlertConfirm(props: AlertConfirmProps) {
  return (
    <AlertDialog.Root
      {...(props.open === undefined ? {} : { open: props.open })}
      onOpenChange={(next) => props.onOpenChange?.(next)}
    >
      {props.trigger ? <AlertDialog.Trigger render={props.trigger} /> : null}
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="fixed inset-0 z-50 bg-backdrop transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <AlertDialog.Popup className="fixed top-1/2 left-1/2 z-50 max-h-[calc(100dvh-2rem)] w-[min(28rem,calc(100vw-2rem))] -translate-x-1/2 -translate-y-1/2 overflow-y-auto rounded-lg bg-surface shadow-overlay outline-none transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0">
          <ConfirmForm {...props} />
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}

function ConfirmForm(props: AlertConfirmProps) {
  const t = useTranslations("ui");
  const { reasonMin = 10, typedPhrase } = props;
  const [reason, setReason] = useState(props.initialReason ?? "");
  const [typed, setTyped] = useState("");
  const [tried, setTried] = useState(false);
  const isReasonShort = reasonMin !== false && reason.trim().length < reasonMin;
  const isMistyped = typedPhrase !== undefined && typed !== typedPhrase;

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (!(isReasonShort || isMistyped || props.pending)) props.onConfirm(reason.trim());
      }}
    >
      <div className="flex flex-col gap-4 p-5">
        <div>
          <AlertDialog.Title className="font-semibold text-base text-ink">{props.title}</AlertDialog.Title>
          {props.description ? (
            <AlertDialog.Description className="mt-1 text-muted text-sm">{props.description}</AlertDialog.Description>
          ) : null}
        </div>
        {props.reach ? (
          <p className="flex gap-2 rounded-md border border-amber-line bg-amber-tint px-3 py-2 text-amber text-sm">
            <TriangleAlert size={16} aria-hidden className="mt-0.5 shrink-0" />
            <span>
              <span className="sr-only">{t("reach")}: </span>
              {props.reach}
            </span>
          </p>
        ) : null}
        {reasonMin === false ? null : (
          <Field
            label={t("reason")}
            hint={t("reasonHint", { min: reasonMin })}
            error={tried && isReasonShort ? t("reasonShort", { min: reasonMin }) : undefined}
          >
            <Textarea value={reason} onChange={(event) => setReason(event.currentTarget.value)} />
          </Field>
        )}
        {typedPhrase === undefined ? null : (
          <Field
            label={t("typeToConfirm", { phrase: typedPhrase })}
            error={tried && isMistyped ? t("typedMismatch") : undefined}
          >
            <Input
              mono
              autoComplete="off"
              spellCheck={false}
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
            />
          </Field>
        )}
        {props.error ? (
          <div role="alert" className="text-red text-sm">
            {props.error}
          </div>
        ) : null}
      </div>
      <footer className="flex flex-wrap justify-end gap-2 border-t px-5 py-3">
        <AlertDialog.Close render={<Button disabled={props.pending}>{t("cancel")}</Button>} />
        <Button type="submit" variant={props.danger ? "danger" : "primary"} loading={props.pending ?? false}>
          {props.confirmLabel}
        </Button>
      </footer>
    </form>
  );
}

"use client";
import { useTranslations } from "use-intl";
import { FormDialog, isReason, ReasonField } from "#components/settings/form-dialog.tsx";
import { useForm } from "#components/settings/form-state.ts";
import { PersonPicker, type PickedPerson } from "#components/settings/person-picker.tsx";
import { useAct } from "#components/shell/confirm-act.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import type { Me } from "#lib/contract/people.ts";

/** Proposes who acts for the person, and from when to when (whole days, UTC). */
export function NameDelegate({ me }: { me: Me }) {
  const t = useTranslations("settings");
  const [act, setAct] = useAct();
  const form = useForm("delegates.set", {
    key: "name-delegate",
    empty: {
      delegate: null as PickedPerson | null,
      from: new Date().toISOString().slice(0, 10),
      to: "",
      reason: t("away.reasonDefault"),
    },
    onDone: () => setAct(null),
  });
  const { delegate, from, to, reason } = form.values;
  const isOrdered = from !== "" && to !== "" && from <= to;
  return (
    <FormDialog
      open={act === "name-delegate"}
      onClose={() => setAct(null)}
      title={t("away.setTitle")}
      description={t("twoPersons")}
      submitLabel={t("propose")}
      pending={form.send.isPending}
      error={form.send.error}
      onSubmit={() => {
        form.setTried(true);
        if (delegate === null || !isOrdered || !isReason(reason)) return;
        form.send.mutate({
          delegateId: delegate.id,
          startsAt: `${from}T00:00:00.000Z`,
          endsAt: `${to}T23:59:59.000Z`,
          reason: reason.trim(),
        });
      }}
    >
      <Field label={t("away.delegate")} error={form.tried && delegate === null ? t("required") : undefined}>
        <PersonPicker value={delegate} onChange={(next) => form.set({ delegate: next })} except={[me.id]} />
      </Field>
      <div className="grid grid-cols-2 gap-3">
        <Field label={t("away.from")}>
          <Input type="date" value={from} onChange={(event) => form.set({ from: event.currentTarget.value })} />
        </Field>
        <Field label={t("away.to")} error={form.tried && !isOrdered ? t("away.order") : undefined}>
          <Input type="date" value={to} onChange={(event) => form.set({ to: event.currentTarget.value })} />
        </Field>
      </div>
      <ReasonField value={reason} onChange={(next) => form.set({ reason: next })} tried={form.tried} />
    </FormDialog>
  );
}

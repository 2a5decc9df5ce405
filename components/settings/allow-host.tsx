"use client";
import { useTranslations } from "use-intl";
import { FormDialog, isReason, ReasonField } from "#components/settings/form-dialog.tsx";
import { useForm } from "#components/settings/form-state.ts";
import { useAct } from "#components/shell/confirm-act.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { operations } from "#lib/contract/index.ts";

const { host: Host, port: Port, days: Days } = operations["egress.add"].input.shape;

/** Proposes one host and port. */
export function AllowHost() {
  const t = useTranslations("settings");
  const [act, setAct] = useAct();
  const form = useForm("egress.add", {
    key: "allow-host",
    empty: { host: "", port: "443", days: "90", reason: "" },
    onDone: () => setAct(null),
  });
  const { host, port, days, reason } = form.values;
  const isHost = Host.safeParse(host.trim()).success;
  const isPort = Port.safeParse(Number(port)).success;
  const areDays = Days.safeParse(Number(days)).success;
  return (
    <FormDialog
      open={act === "allow-host"}
      onClose={() => setAct(null)}
      title={t("egress.addTitle")}
      description={t("twoPersons")}
      submitLabel={t("propose")}
      pending={form.send.isPending}
      error={form.send.error}
      onSubmit={() => {
        form.setTried(true);
        if (!(isHost && isPort && areDays && isReason(reason))) return;
        form.send.mutate({ host: host.trim(), port: Number(port), days: Number(days), reason: reason.trim() });
      }}
    >
      <Field
        label={t("egress.host")}
        hint={t("egress.hostHint")}
        error={form.tried && !isHost ? t("egress.hostWrong") : undefined}
      >
        <Input
          mono
          autoComplete="off"
          spellCheck={false}
          value={host}
          onChange={(event) => form.set({ host: event.currentTarget.value })}
        />
      </Field>
      <div className="grid grid-cols-2 gap-3">
        <Field label={t("egress.port")} error={form.tried && !isPort ? t("egress.portWrong") : undefined}>
          <Input inputMode="numeric" value={port} onChange={(event) => form.set({ port: event.currentTarget.value })} />
        </Field>
        <Field label={t("egress.days")} error={form.tried && !areDays ? t("egress.daysWrong") : undefined}>
          <Input inputMode="numeric" value={days} onChange={(event) => form.set({ days: event.currentTarget.value })} />
        </Field>
      </div>
      <ReasonField value={reason} onChange={(next) => form.set({ reason: next })} tried={form.tried} />
    </FormDialog>
  );
}

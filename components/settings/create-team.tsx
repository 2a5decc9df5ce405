"use client";
import { useTranslations } from "use-intl";
import { FormDialog } from "#components/settings/form-dialog.tsx";
import { useForm } from "#components/settings/form-state.ts";
import { useAct } from "#components/shell/confirm-act.tsx";
import { Field, FieldGroup } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { RadioGroup } from "#components/ui/radio-group.tsx";

/** Creates a team without members. */
export function CreateTeam() {
  const t = useTranslations("settings");
  const [act, setAct] = useAct();
  const form = useForm("teams.create", {
    key: "create-team",
    empty: { name: "", kind: "business" as "business" | "security" },
    onDone: () => setAct(null),
  });
  const { name, kind } = form.values;
  return (
    <FormDialog
      open={act === "create-team"}
      onClose={() => setAct(null)}
      title={t("teams.create")}
      submitLabel={t("teams.create")}
      pending={form.send.isPending}
      error={form.send.error}
      onSubmit={() => {
        form.setTried(true);
        if (name.trim() !== "") form.send.mutate({ name, kind });
      }}
    >
      <Field label={t("teams.name")} error={form.tried && name.trim() === "" ? t("required") : undefined}>
        <Input
          value={name}
          maxLength={100}
          autoComplete="off"
          onChange={(event) => form.set({ name: event.currentTarget.value })}
        />
      </Field>
      <FieldGroup label={t("teams.kind")}>
        <RadioGroup
          label={t("teams.kind")}
          value={kind}
          onChange={(next) => form.set({ kind: next })}
          options={(["business", "security"] as const).map((value) => ({
            value,
            label: t(`teams.${value}`),
            detail: t(`teams.${value}Detail`),
          }))}
        />
      </FieldGroup>
    </FormDialog>
  );
}

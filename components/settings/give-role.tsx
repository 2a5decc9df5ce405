"use client";
import Plus from "lucide-react/icons/plus";
import { useTranslations } from "use-intl";
import { FormDialog, isReason, ReasonField } from "#components/settings/form-dialog.tsx";
import { useForm } from "#components/settings/form-state.ts";
import { useAct } from "#components/shell/confirm-act.tsx";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { Select } from "#components/ui/select.tsx";
import { type Person, RoleName } from "#lib/contract/people.ts";

/** Proposes a role for a person. */
export function GiveRole({ person }: { person: Person }) {
  const t = useTranslations("settings");
  const roleName = useTranslations("shell.roles");
  const [act, setAct] = useAct();
  const form = useForm("roles.assign", {
    key: `give-role ${person.id}`,
    empty: { role: null as Person["roles"][number] | null, reason: "" },
    onDone: () => setAct(null),
  });
  const { role, reason } = form.values;
  const left = RoleName.options.filter((one) => !person.roles.includes(one));
  if (left.length === 0) return <p className="text-faint text-sm">{t("people.allRoles", { name: person.name })}</p>;
  return (
    <>
      <div>
        <Button icon={<Plus size={14} aria-hidden />} onClick={() => setAct("give-role")}>
          {t("people.give")}
        </Button>
      </div>
      <FormDialog
        open={act === "give-role"}
        onClose={() => setAct(null)}
        title={t("people.giveTitle", { name: person.name })}
        description={t("twoPersons")}
        submitLabel={t("propose")}
        pending={form.send.isPending}
        error={form.send.error}
        onSubmit={() => {
          form.setTried(true);
          if (role !== null && isReason(reason)) form.send.mutate({ personId: person.id, role, reason: reason.trim() });
        }}
      >
        <Field label={t("people.role")} error={form.tried && role === null ? t("required") : undefined}>
          <Select
            value={role}
            onChange={(next) => form.set({ role: next })}
            options={left.map((value) => ({
              value,
              label: roleName(value),
              detail: t(`people.roleDetail.${value}`),
            }))}
          />
        </Field>
        <ReasonField value={reason} onChange={(next) => form.set({ reason: next })} tried={form.tried} />
      </FormDialog>
    </>
  );
}

"use client";
import { useTranslations } from "use-intl";
import { FormDialog } from "#components/settings/form-dialog.tsx";
import { useForm } from "#components/settings/form-state.ts";
import { useAct } from "#components/shell/confirm-act.tsx";
import { Button } from "#components/ui/button.tsx";
import { CodeBlock } from "#components/ui/code-block.tsx";
import { MultiCombobox } from "#components/ui/combobox.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Select } from "#components/ui/select.tsx";
import { TokenScope } from "#lib/contract/tokens.ts";

const lifetimes = ["7", "30", "90", "365"] as const;
const empty = { name: "", scopes: [] as TokenScope[], days: "30" as (typeof lifetimes)[number] };
const scopeOptions = TokenScope.options.map((value) => ({ value, label: value }));

/** Creates a token and shows its secret once; nothing of the secret is kept in the browser. */
export function CreateToken() {
  const t = useTranslations("settings");
  const [act, setAct] = useAct();
  const form = useForm("tokens.create", { key: "create-token", empty });
  const { send: create, tried } = form;
  const { name, scopes, days } = form.values;

  function close() {
    setAct(null);
    create.reset();
    form.setTried(false);
  }

  if (create.data) {
    return (
      <Dialog
        open
        onOpenChange={(open) => {
          if (!open) close();
        }}
        title={t("tokens.secretTitle")}
        footer={
          <Button variant="primary" onClick={close}>
            {t("tokens.done")}
          </Button>
        }
      >
        <div className="flex flex-col gap-3">
          <Notice tone="amber">{t("tokens.secretBody")}</Notice>
          <CodeBlock code={create.data.secret} label={t("tokens.secret")} />
        </div>
      </Dialog>
    );
  }
  return (
    <FormDialog
      open={act === "create-token"}
      onClose={close}
      title={t("tokens.createTitle")}
      submitLabel={t("tokens.act")}
      pending={create.isPending}
      error={create.error}
      onSubmit={() => {
        form.setTried(true);
        if (name.trim() !== "" && scopes.length > 0) create.mutate({ name, scopes, days: Number(days) });
      }}
    >
      <Field
        label={t("tokens.name")}
        hint={t("tokens.nameHint")}
        error={tried && name.trim() === "" ? t("required") : undefined}
      >
        <Input
          value={name}
          maxLength={100}
          autoComplete="off"
          onChange={(event) => form.set({ name: event.currentTarget.value })}
        />
      </Field>
      <Field
        label={t("tokens.scopes")}
        hint={t("tokens.scopesHint")}
        error={tried && scopes.length === 0 ? t("required") : undefined}
      >
        <MultiCombobox
          options={scopeOptions}
          value={scopes}
          onChange={(next) => form.set({ scopes: next })}
          placeholder={t("tokens.scopesPlaceholder")}
        />
      </Field>
      <Field label={t("tokens.days")}>
        <Select
          value={days}
          onChange={(next) => form.set({ days: next })}
          options={lifetimes.map((value) => ({ value, label: t("tokens.daysValue", { days: Number(value) }) }))}
        />
      </Field>
    </FormDialog>
  );
}

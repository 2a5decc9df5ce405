"use client";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { useAct } from "#components/connectors/confirm-act.tsx";
import { FormDialog } from "#components/settings/form-dialog.tsx";
import { Button } from "#components/ui/button.tsx";
import { CodeBlock } from "#components/ui/code-block.tsx";
import { MultiCombobox } from "#components/ui/combobox.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Select } from "#components/ui/select.tsx";
import { useMutationFor } from "#lib/client/queries.ts";
import { TokenScope } from "#lib/contract/tokens.ts";

const lifetimes = ["7", "30", "90", "365"] as const;
const scopeOptions = TokenScope.options.map((value) => ({ value, label: value }));

/** Creates a token and shows its secret once; nothing of it is kept in the browser. */
export function CreateToken() {
  const t = useTranslations("settings");
  const [act, setAct] = useAct();
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<TokenScope[]>([]);
  const [days, setDays] = useState<(typeof lifetimes)[number]>("30");
  const [tried, setTried] = useState(false);
  const create = useMutationFor("tokens.create");

  function close() {
    setAct(null);
    create.reset();
    setTried(false);
  }
  function forget() {
    setName("");
    setScopes([]);
    close();
  }

  if (create.data) {
    return (
      <Dialog
        open
        onOpenChange={(open) => {
          if (!open) forget();
        }}
        title={t("tokens.secretTitle")}
        footer={
          <Button variant="primary" onClick={forget}>
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
        setTried(true);
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
          onChange={(event) => setName(event.currentTarget.value)}
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
          onChange={setScopes}
          placeholder={t("tokens.scopesPlaceholder")}
        />
      </Field>
      <Field label={t("tokens.days")}>
        <Select
          value={days}
          onChange={setDays}
          options={lifetimes.map((value) => ({ value, label: t("tokens.daysValue", { days: Number(value) }) }))}
        />
      </Field>
    </FormDialog>
  );
}

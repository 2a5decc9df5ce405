"use client";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { FailureNotice } from "#components/shell/failure-notice.tsx";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { RadioGroup } from "#components/ui/radio-group.tsx";
import { useMutationFor } from "#lib/client/queries.ts";

/** Seals a credential towards one server. It is sent once, never shown again and never kept in the browser. */
export function CredentialForm({ url, onSealed }: { url: string; onSealed: (credentialId: string) => void }) {
  const t = useTranslations("requests.form.credential");
  const [kind, setKind] = useState<"header" | "oauth_client_credentials">("header");
  const seal = useMutationFor("credentials.seal", { onSuccess: ({ id }) => onSealed(id) });
  const input = (name: string, label: string, more: { secret?: boolean; value?: string; optional?: boolean } = {}) => (
    <Field label={label} optional={more.optional ?? false}>
      <Input
        name={name}
        mono
        required={!more.optional}
        type={more.secret ? "password" : "text"}
        autoComplete={more.secret ? "new-password" : "off"}
        spellCheck={false}
        defaultValue={more.value ?? ""}
      />
    </Field>
  );
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        const data = new FormData(event.currentTarget);
        const text = (name: string) => String(data.get(name) ?? "").trim();
        seal.mutate({
          url,
          secret:
            kind === "header"
              ? { kind, name: text("name"), value: text("value") }
              : {
                  kind,
                  tokenUrl: text("tokenUrl"),
                  clientId: text("clientId"),
                  clientSecret: text("clientSecret"),
                  scope: text("scope") || undefined,
                },
        });
      }}
    >
      <RadioGroup
        label={t("kind")}
        value={kind}
        onChange={setKind}
        options={[
          {
            value: "header",
            label: t("header"),
            detail: t("headerDetail"),
            body: (
              <div className="grid gap-3 sm:grid-cols-[1fr_2fr]">
                {input("name", t("headerName"), { value: "Authorization" })}
                {input("value", t("headerValue"), { secret: true })}
              </div>
            ),
          },
          {
            value: "oauth_client_credentials",
            label: t("oauth"),
            detail: t("oauthDetail"),
            body: (
              <div className="grid gap-3 sm:grid-cols-2">
                {input("tokenUrl", t("tokenUrl"))}
                {input("clientId", t("clientId"))}
                {input("clientSecret", t("clientSecret"), { secret: true })}
                {input("scope", t("scope"), { optional: true })}
              </div>
            ),
          },
        ]}
      />
      {seal.error?.status === 403 && seal.error.code !== "interactive_sign_in_required" ? (
        <Notice tone="amber" urgent>
          {t("refused")}
        </Notice>
      ) : seal.error ? (
        <FailureNotice error={seal.error} />
      ) : null}
      <Button type="submit" variant="primary" className="self-start" loading={seal.isPending}>
        {t("seal")}
      </Button>
    </form>
  );
}

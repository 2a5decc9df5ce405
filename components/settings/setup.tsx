"use client";
import type { Route } from "next";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { isReason, ReasonField } from "#components/settings/form-dialog.tsx";
import { useForm } from "#components/settings/form-state.ts";
import { PersonPicker, type PickedPerson } from "#components/settings/person-picker.tsx";
import { FailureNotice } from "#components/shell/failure-notice.tsx";
import { Button, ButtonLink } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { ErrorState } from "#components/ui/error-state.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Section } from "#components/ui/section.tsx";
import { SkeletonText } from "#components/ui/skeleton.tsx";
import { toast } from "#components/ui/toast.tsx";
import { useMutationFor, useQueryFor } from "#lib/client/queries.ts";
import type { Me } from "#lib/contract/people.ts";

/** The first administrator and the second one. */
export function Setup() {
  const t = useTranslations("settings.setup");
  const me = useQueryFor("people.me", {});
  const people = useQueryFor("people.list", { limit: 200 });
  const others = people.data?.items.filter(({ id }) => id !== me.data?.id) ?? [];
  const isSecondNamed = others.some(({ roles, status }) => roles.includes("administrator") && status === "active");
  return (
    <div className="max-w-160">
      <PageHeader title={t("title")} />
      {me.isError || people.isError ? (
        <ErrorState onRetry={() => void (me.isError ? me : people).refetch()} />
      ) : me.isPending || people.isPending ? (
        <SkeletonText lines={6} />
      ) : !me.data.roles.includes("administrator") ? (
        <Claim isOpen={me.data.setupOpen} />
      ) : isSecondNamed ? (
        <Section title={t("secondTitle")}>
          <EmptyState
            title={t("doneTitle")}
            body={t("doneBody")}
            action={
              <ButtonLink variant="primary" href={"/settings" as Route}>
                {t("people")}
              </ButtonLink>
            }
          />
        </Section>
      ) : (
        <NameSecond me={me.data} isAlone={others.length === 0} />
      )}
    </div>
  );
}

function Claim({ isOpen }: { isOpen: boolean }) {
  const t = useTranslations("settings");
  const [code, setCode] = useState("");
  const [tried, setTried] = useState(false);
  const claim = useMutationFor("setup.claim", {
    onSuccess: () => {
      setCode("");
      toast({ title: t("setup.claimed") });
    },
  });
  return (
    <Section title={t("setup.claimTitle")} description={t("setup.claimBody")}>
      <form
        noValidate
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (code.trim() !== "" && !claim.isPending) claim.mutate({ code });
        }}
      >
        {isOpen ? null : <Notice>{t("setup.closed")}</Notice>}
        <Field label={t("setup.code")} error={tried && code.trim() === "" ? t("required") : undefined}>
          <Input
            mono
            autoComplete="off"
            spellCheck={false}
            value={code}
            maxLength={100}
            onChange={(event) => setCode(event.currentTarget.value)}
          />
        </Field>
        {claim.error ? <FailureNotice error={claim.error} /> : null}
        <div>
          <Button type="submit" variant="primary" loading={claim.isPending}>
            {t("setup.claim")}
          </Button>
        </div>
      </form>
    </Section>
  );
}

function NameSecond({ me, isAlone }: { me: Me; isAlone: boolean }) {
  const t = useTranslations("settings");
  const form = useForm("roles.name-second-administrator", {
    key: "second-administrator",
    empty: { person: null as PickedPerson | null, reason: "" },
  });
  const { person, reason } = form.values;
  return (
    <Section title={t("setup.secondTitle")} description={t("setup.secondBody")}>
      {isAlone ? (
        <Notice tone="amber">{t("setup.nobody")}</Notice>
      ) : (
        <form
          noValidate
          className="flex flex-col gap-4"
          onSubmit={(event) => {
            event.preventDefault();
            form.setTried(true);
            if (person === null || !isReason(reason) || form.send.isPending) return;
            form.send.mutate({ personId: person.id, reason: reason.trim() });
          }}
        >
          <Field label={t("setup.person")} error={form.tried && person === null ? t("required") : undefined}>
            <PersonPicker value={person} onChange={(next) => form.set({ person: next })} except={[me.id]} />
          </Field>
          <ReasonField value={reason} onChange={(next) => form.set({ reason: next })} tried={form.tried} />
          {form.send.error ? <FailureNotice error={form.send.error} /> : null}
          <div>
            <Button type="submit" variant="primary" loading={form.send.isPending}>
              {t("setup.name")}
            </Button>
          </div>
        </form>
      )}
    </Section>
  );
}

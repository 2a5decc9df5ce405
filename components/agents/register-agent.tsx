"use client";
import type { Route } from "next";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { ActError } from "#components/shell/act-error.tsx";
import { useBreadcrumb } from "#components/shell/breadcrumb.ts";
import { Button, ButtonLink } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { useKept } from "#components/ui/kept-state.ts";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Card } from "#components/ui/section.tsx";
import { Select } from "#components/ui/select.tsx";
import { Textarea } from "#components/ui/textarea.tsx";
import { toast } from "#components/ui/toast.tsx";
import { useMutationFor, useQueryFor } from "#lib/client/queries.ts";
import { operations } from "#lib/contract/index.ts";

const environments = ["production", "staging", "development"] as const;
type FieldName = "name" | "slug" | "purpose" | "environment" | "labels" | "owner";
type Draft = Partial<Record<FieldName, string>>;

/** Registers an agent; what is written is kept until it is registered. Checked with the schema that the server checks with. */
export function RegisterAgent() {
  const t = useTranslations("access.agent");
  const inventory = useTranslations("inventory");
  const router = useRouter();
  const [kept, keep] = useKept<Draft>("agents.register");
  const draft = kept ?? {};
  const [tried, setTried] = useState(false);
  const me = useQueryFor("people.me", {});
  useBreadcrumb([{ label: t("register") }]);
  const mutation = useMutationFor("agents.register", {
    onSuccess: (agent) => {
      keep(null);
      toast({ title: t("registered", { name: agent.name }) });
      router.push(`/agents/${agent.slug}` as Route);
    },
  });

  const slug = draft.slug ?? slugOf(draft.name ?? "");
  const parsed = operations["agents.register"].input.safeParse({
    slug,
    name: draft.name ?? "",
    purpose: draft.purpose ?? "",
    environment: draft.environment ?? "production",
    labels: (draft.labels ?? "")
      .split(",")
      .map((label) => label.trim())
      .filter(Boolean),
    ...(draft.owner && draft.owner !== "me" ? { ownerKind: "team", ownerId: draft.owner } : {}),
  });
  const set = (name: FieldName, value: string) => {
    mutation.reset();
    keep({ ...draft, [name]: value });
  };
  function problem(name: FieldName): string | undefined {
    const sent = mutation.error?.problem?.issues?.find((issue) => issue.path.startsWith(name));
    if (sent) return sent.message;
    const issue = tried ? parsed.error?.issues.find((found) => found.path[0] === name) : undefined;
    if (!issue) return undefined;
    return issue.code === "too_small" ? t("required") : issue.message;
  }

  return (
    <div className="mx-auto max-w-2xl">
      <PageHeader title={t("register")} description={t("registerBody")} />
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (parsed.success) mutation.mutate(parsed.data);
        }}
      >
        <Card className="flex flex-col gap-5">
          <Field label={inventory("field.name")} hint={t("nameHint")} error={problem("name")}>
            <Input
              value={draft.name ?? ""}
              maxLength={100}
              onChange={(event) => set("name", event.currentTarget.value)}
            />
          </Field>
          <Field label={inventory("field.slug")} hint={t("slugHint")} error={problem("slug")}>
            <Input
              mono
              value={slug}
              maxLength={60}
              spellCheck={false}
              onChange={(event) => set("slug", event.currentTarget.value)}
            />
          </Field>
          <Field label={inventory("field.purpose")} hint={t("purposeHint")} error={problem("purpose")}>
            <Textarea
              value={draft.purpose ?? ""}
              maxLength={1000}
              onChange={(event) => set("purpose", event.currentTarget.value)}
            />
          </Field>
          <Field label={inventory("field.environment")}>
            <Select
              options={environments.map((value) => ({ value, label: inventory(`environment.${value}`) }))}
              value={environments.find((value) => value === draft.environment) ?? "production"}
              onChange={(value) => set("environment", value)}
            />
          </Field>
          <Field label={t("owner")} hint={t("ownerHint")}>
            <Select
              options={[
                { value: "me", label: t("ownerMe") },
                ...(me.data?.teams ?? []).map((team) => ({
                  value: team.id,
                  label: team.name,
                  detail: inventory("ownerKind.team"),
                })),
              ]}
              value={draft.owner ?? "me"}
              onChange={(value) => set("owner", value)}
            />
          </Field>
          <Field label={t("labels")} hint={t("labelsHint")} optional error={problem("labels")}>
            <Input value={draft.labels ?? ""} onChange={(event) => set("labels", event.currentTarget.value)} />
          </Field>
          {mutation.error ? (
            <div role="alert" className="text-red text-sm">
              <ActError error={mutation.error} />
            </div>
          ) : null}
          <div className="flex flex-wrap justify-end gap-2">
            <ButtonLink href={"/agents" as Route}>{inventory("act.cancel")}</ButtonLink>
            <Button type="submit" variant="primary" loading={mutation.isPending}>
              {t("submit")}
            </Button>
          </div>
        </Card>
      </form>
    </div>
  );
}

/** A short name proposed from the name: lower-case letters and digits, joined by single dashes. */
function slugOf(name: string): string {
  return name
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "")
    .slice(0, 60)
    .replace(/-$/, "");
}

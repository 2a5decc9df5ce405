"use client";
import { useTranslations } from "use-intl";
import type { DraftForm } from "#components/requests/draft-form.ts";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { Select } from "#components/ui/select.tsx";

type Form = DraftForm<"connector">;

type NameFieldsProps = {
  form: Form;
  change: (patch: Form) => void;
  problemAt: (path: string) => string | undefined;
  /** What the server calls itself; offered, never taken by itself. */
  server: string;
};

const environments = ["production", "staging", "development"] as const;

/** What the connector will be called. The short name follows the name until somebody writes their own. */
export function NameFields({ form, change, problemAt, server }: NameFieldsProps) {
  const t = useTranslations("requests");
  const name = form.name ?? "";
  const followsName = form.slug === undefined || form.slug === slugOf(name);
  const rename = (next: string) => change({ name: next, ...(followsName ? { slug: slugOf(next) || undefined } : {}) });
  const offered = server.slice(0, 100);
  return (
    <div className="grid gap-4 sm:grid-cols-[1fr_1fr_10rem]">
      <Field
        label={t("form.what.connectorName")}
        error={problemAt("name")}
        aside={
          name === "" && offered !== "" ? (
            <Button variant="ghost" className="h-5! max-w-40 px-1!" onClick={() => rename(offered)}>
              <span className="isolated truncate">{offered}</span>
            </Button>
          ) : undefined
        }
      >
        <Input
          maxLength={100}
          autoComplete="off"
          value={name}
          onChange={(event) => rename(event.currentTarget.value)}
        />
      </Field>
      <Field label={t("form.what.slug")} hint={t("form.what.slugHint")} error={problemAt("slug")}>
        <Input
          mono
          maxLength={60}
          autoComplete="off"
          spellCheck={false}
          value={form.slug ?? ""}
          onChange={(event) => change({ slug: event.currentTarget.value })}
        />
      </Field>
      <Field label={t("form.what.environment")} error={problemAt("environment")}>
        <Select
          value={form.environment ?? null}
          onChange={(environment) => change({ environment })}
          options={environments.map((value) => ({ value, label: t(`environment.${value}`) }))}
        />
      </Field>
    </div>
  );
}

function slugOf(name: string): string {
  return name
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, 60)
    .replace(/-$/, "");
}

"use client";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import { AgentsPicker } from "#components/requests/agent-picker.tsx";
import { type Constraint, ConstraintBuilder } from "#components/requests/constraint-builder.tsx";
import { DurationField } from "#components/requests/duration-field.tsx";
import { PurposeField } from "#components/requests/purpose-field.tsx";
import { type Rate, RateField } from "#components/requests/rate-field.tsx";
import { Field } from "#components/ui/field.tsx";

type Intent = {
  purpose?: string | undefined;
  tools?: string[] | undefined;
  agentIds?: string[] | undefined;
  constraints?: Constraint[] | undefined;
  rate?: Rate | undefined;
  durationDays?: number | undefined;
};

type IntendedUseProps = {
  form: Intent;
  change: (patch: Intent) => void;
  problemAt: (path: string) => string | undefined;
  /** Between purpose and agents: what data it touches. */
  data?: ReactNode;
  /** At the end: where else this is written down. */
  reference?: ReactNode;
};

/** What the tools are for, which agents get them, for how long and within which limits. */
export function IntendedUse({ form, change, problemAt, data, reference }: IntendedUseProps) {
  const t = useTranslations("requests.form.purpose");
  return (
    <>
      <PurposeField value={form.purpose} onChange={(purpose) => change({ purpose })} error={problemAt("purpose")} />
      {data}
      <Field label={t("agents")} hint={t("agentsHint")} optional error={problemAt("agentIds")}>
        <AgentsPicker value={form.agentIds ?? []} onChange={(agentIds) => change({ agentIds })} />
      </Field>
      <DurationField
        value={form.durationDays}
        onChange={(durationDays) => change({ durationDays })}
        error={problemAt("durationDays")}
      />
      <ConstraintBuilder
        value={form.constraints ?? []}
        onChange={(constraints) => change({ constraints })}
        tools={form.tools ?? []}
        problem={(index) => problemAt(`constraints.${index}`)}
      />
      <RateField value={form.rate ?? null} onChange={(rate) => change({ rate })} />
      {problemAt("rate") ? (
        <p role="alert" className="text-red text-sm">
          {problemAt("rate")}
        </p>
      ) : null}
      {reference}
    </>
  );
}

"use client";
import { useTranslations } from "use-intl";
import type { DecisionInTheMaking } from "#components/requests/decision-state.ts";
import { Button } from "#components/ui/button.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { MultiCombobox } from "#components/ui/combobox.tsx";
import { Field, FieldGroup } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { useNow } from "#components/ui/now.ts";
import type { RequestDetail } from "#lib/contract/requests.ts";

const dayMs = 86_400_000;

/** What an approval asks for in return: tools held for a person, the agents allowed, an end. */
export function ApprovalTerms({ request, making }: { request: RequestDetail; making: DecisionInTheMaking }) {
  const t = useTranslations("requests.review.decision");
  const now = useNow();
  const { decision, change, asked, chosen } = making;
  const effects = new Map(request.version?.tools.map(({ name, effect }) => [name, effect]));
  const risky = chosen.filter((name) => effects.get(name) === "destructive" || effects.get(name) === "unknown");
  const allowed = decision.agentIds ?? request.agents.map(({ id }) => id);
  const day = (days: number) => new Date(now + days * dayMs).toISOString().slice(0, 10);
  return (
    <div className="flex flex-col gap-3 border-l-2 pl-3">
      {asked.length > 0 ? (
        <>
          <p className="text-faint text-sm">{t("chooseTools")}</p>
          <Field label={t("hold")} hint={t("holdHint")} optional>
            <MultiCombobox
              options={chosen.map((name) => ({ value: name, label: name }))}
              value={decision.hold.filter((name) => chosen.includes(name))}
              onChange={(hold) => change({ hold, verdict: "approve" })}
            />
          </Field>
          {risky.some((name) => !decision.hold.includes(name)) ? (
            <Button
              className="self-start"
              onClick={() => change({ hold: [...new Set([...decision.hold, ...risky])], verdict: "approve" })}
            >
              {t("holdDestructive", { count: risky.length })}
            </Button>
          ) : null}
        </>
      ) : null}
      {request.agents.length > 1 ? (
        <FieldGroup label={t("agents")}>
          {request.agents.map(({ id, name }) => (
            <Checkbox
              key={id}
              label={name}
              checked={allowed.includes(id)}
              onChange={(checked) => {
                const next = checked ? [...allowed, id] : allowed.filter((other) => other !== id);
                change({ agentIds: next.length === request.agents.length ? null : next, verdict: "approve" });
              }}
            />
          ))}
        </FieldGroup>
      ) : null}
      <Field
        label={t("expires")}
        optional
        hint={request.grantMaxDays === null ? undefined : t("expiresHint", { count: request.grantMaxDays })}
      >
        <Input
          type="date"
          className="max-w-44"
          min={day(1)}
          max={day(request.grantMaxDays ?? 365)}
          value={decision.expires}
          onChange={(event) => change({ expires: event.currentTarget.value, verdict: "approve" })}
        />
      </Field>
    </div>
  );
}

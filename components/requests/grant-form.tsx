"use client";
import { useTranslations } from "use-intl";
import { AgentPicker } from "#components/requests/agent-picker.tsx";
import { ConnectorPicker } from "#components/requests/connector-picker.tsx";
import { ConstraintBuilder } from "#components/requests/constraint-builder.tsx";
import type { DraftForm } from "#components/requests/draft-form.ts";
import { DraftFrame } from "#components/requests/draft-frame.tsx";
import { useDraftPreview } from "#components/requests/draft-preview.ts";
import { type SavedDraft, useDraft } from "#components/requests/draft-state.ts";
import { DurationField } from "#components/requests/duration-field.tsx";
import { GrantTools } from "#components/requests/grant-tools.tsx";
import { PurposeField } from "#components/requests/purpose-field.tsx";
import { RateField } from "#components/requests/rate-field.tsx";
import { TeamPicker } from "#components/requests/team-picker.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Field, FieldGroup } from "#components/ui/field.tsx";
import { RadioGroup } from "#components/ui/radio-group.tsx";
import { Section } from "#components/ui/section.tsx";
import type { Scope } from "#lib/contract/grants.ts";

type GrantFormProps = { initial: SavedDraft<"grant"> | null; start: DraftForm<"grant">; isAgain: boolean };

const actions = ["discover", "invoke"] as const;
/** Nothing chosen yet: an empty list is not a scope, so the preview says what is missing. */
const emptyScope: Scope = { tools: { names: [] }, actions: ["discover", "invoke"], constraints: [], rate: null };

/** Asking for a grant on an enabled connector, for an agent or a team of agents. */
export function GrantForm({ initial, start, isAgain }: GrantFormProps) {
  const t = useTranslations("requests.form");
  const draft = useDraft("grant", initial, { scope: emptyScope, principalKind: "agent", ...start });
  const { form, change } = draft;
  const preview = useDraftPreview(draft);
  const scope = form.scope ?? emptyScope;
  const setScope = (patch: Partial<Scope>) => change({ scope: { ...scope, ...patch } });
  const principal = { value: form.principalId, onChange: (principalId: string | undefined) => change({ principalId }) };
  return (
    <DraftFrame kind="grant" draft={draft} preview={preview} isAgain={isAgain}>
      <Section title={t("grant.who")}>
        <div className="flex flex-col gap-5">
          <Field label={t("grant.connector")} hint={t("grant.connectorHint")} error={preview.problemAt("connectorId")}>
            <ConnectorPicker
              enabledOnly
              value={form.connectorId}
              onChange={(connectorId) => change({ connectorId, scope: emptyScope })}
            />
          </Field>
          <FieldGroup label={t("grant.who")} error={preview.problemAt("principalId")}>
            <RadioGroup
              label={t("grant.who")}
              value={form.principalKind ?? null}
              onChange={(principalKind) => change({ principalKind, principalId: undefined })}
              options={[
                {
                  value: "agent",
                  label: t("grant.agent"),
                  body: (
                    <Field label={t("grant.chooseAgent")} hideLabel>
                      <AgentPicker {...principal} />
                    </Field>
                  ),
                },
                {
                  value: "team",
                  label: t("grant.team"),
                  body: (
                    <Field label={t("grant.chooseTeam")} hideLabel>
                      <TeamPicker {...principal} />
                    </Field>
                  ),
                },
              ]}
            />
          </FieldGroup>
        </div>
      </Section>
      <Section title={t("purpose.title")}>
        <div className="flex flex-col gap-5">
          {form.connectorId === undefined ? (
            <p className="text-faint text-sm">{t("grant.noConnector")}</p>
          ) : (
            <GrantTools
              connectorId={form.connectorId}
              value={scope.tools}
              onChange={(tools) => setScope({ tools })}
              error={preview.problemAt("scope.tools")}
            />
          )}
          <FieldGroup label={t("grant.actions")} error={preview.problemAt("scope.actions")}>
            {actions.map((action) => (
              <Checkbox
                key={action}
                label={t(`grant.${action}`)}
                checked={scope.actions.includes(action)}
                onChange={(isChosen) =>
                  setScope({
                    actions: isChosen ? [...scope.actions, action] : scope.actions.filter((other) => other !== action),
                  })
                }
              />
            ))}
          </FieldGroup>
          <PurposeField
            value={form.purpose}
            onChange={(purpose) => change({ purpose })}
            error={preview.problemAt("purpose")}
          />
          <DurationField
            value={form.durationDays}
            onChange={(durationDays) => change({ durationDays })}
            error={preview.problemAt("durationDays")}
          />
          <ConstraintBuilder
            value={scope.constraints}
            onChange={(constraints) => setScope({ constraints })}
            tools={"names" in scope.tools ? scope.tools.names : []}
            problem={(index) => preview.problemAt(`scope.constraints.${index}`)}
          />
          <RateField value={scope.rate} onChange={(rate) => setScope({ rate })} />
        </div>
      </Section>
    </DraftFrame>
  );
}

"use client";
import { useTranslations } from "use-intl";
import { EffectMark } from "#components/requests/effect-mark.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { MultiCombobox } from "#components/ui/combobox.tsx";
import { Field, FieldGroup } from "#components/ui/field.tsx";
import { RadioGroup } from "#components/ui/radio-group.tsx";
import { useQueryFor } from "#lib/client/queries.ts";
import type { Scope } from "#lib/contract/grants.ts";
import { effects } from "#lib/core/effect.ts";

type GrantToolsProps = {
  connectorId: string;
  value: Scope["tools"];
  onChange: (tools: Scope["tools"]) => void;
  error: string | undefined;
};

/** Tools by name, or all whose reviewed effect is one of these. */
export function GrantTools({ connectorId, value, onChange, error }: GrantToolsProps) {
  const t = useTranslations("requests");
  const tools = useQueryFor("tools.list", { connectorId, status: "active", limit: 200 });
  const isByName = "names" in value;
  return (
    <FieldGroup label={t("form.grant.selection")} error={error}>
      <RadioGroup
        label={t("form.grant.selection")}
        value={isByName ? "names" : "effects"}
        onChange={(next) => onChange(next === "names" ? { names: [] } : { effects: ["read"] })}
        options={[
          {
            value: "names",
            label: t("form.grant.byName"),
            body: (
              <Field label={t("form.grant.byName")} hideLabel>
                <MultiCombobox
                  options={(tools.data?.items ?? []).map(({ name, effect }) => ({
                    value: name,
                    label: name,
                    detail: t(`effect.${effect}`),
                  }))}
                  value={isByName ? value.names : []}
                  onChange={(names) => onChange({ names })}
                />
              </Field>
            ),
          },
          {
            value: "effects",
            label: t("form.grant.byEffect"),
            body: (
              <div className="flex flex-col gap-1.5">
                {effects.map((effect) => (
                  <Checkbox
                    key={effect}
                    label={<EffectMark effect={effect} />}
                    checked={!isByName && value.effects.includes(effect)}
                    onChange={(isChosen) => {
                      const others = isByName ? [] : value.effects.filter((other) => other !== effect);
                      onChange({ effects: isChosen ? [...others, effect] : others });
                    }}
                  />
                ))}
              </div>
            ),
          },
        ]}
      />
    </FieldGroup>
  );
}

"use client";
import { useTranslations } from "use-intl";
import { Combobox, MultiCombobox } from "#components/ui/combobox.tsx";
import { useQueryFor } from "#lib/client/queries.ts";

/** The agents that a person may ask for. */
function useAgentOptions() {
  const agents = useQueryFor("agents.list", { limit: 200, status: "active" });
  return (agents.data?.items ?? []).map(({ id, name, slug }) => ({ value: id, label: name, detail: slug }));
}

/** Several agents. Rendered inside a `Field`. */
export function AgentsPicker({ value, onChange }: { value: readonly string[]; onChange: (ids: string[]) => void }) {
  const t = useTranslations("requests.form.purpose");
  return <MultiCombobox options={useAgentOptions()} value={value} onChange={onChange} empty={t("agentsEmpty")} />;
}

/** One agent. Rendered inside a `Field`. */
export function AgentPicker({
  value,
  onChange,
}: {
  value: string | undefined;
  onChange: (id: string | undefined) => void;
}) {
  const t = useTranslations("requests.form.purpose");
  return (
    <Combobox
      options={useAgentOptions()}
      value={value ?? null}
      onChange={(id) => onChange(id ?? undefined)}
      empty={t("agentsEmpty")}
    />
  );
}

"use client";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Combobox } from "#components/ui/combobox.tsx";
import { reveal } from "#components/ui/reveal.ts";
import { useQueryFor } from "#lib/client/queries.ts";

type PickerProps = { value: string | null; onChange: (id: string | null) => void };

/** One of the connectors. */
export function ConnectorPicker({ value, onChange }: PickerProps) {
  const t = useTranslations("access.choose");
  const { data } = useQueryFor("connectors.list", { limit: 200 });
  const options = (data?.items ?? []).map(({ id, name, slug }) => ({ value: id, label: name, detail: slug }));
  return (
    <Combobox key={options.length} options={options} value={value} onChange={onChange} placeholder={t("connector")} />
  );
}

/** One of the agents that the person may see. */
export function AgentPicker({ value, onChange }: PickerProps) {
  const t = useTranslations("access.choose");
  const { data } = useQueryFor("agents.list", { limit: 200 });
  const options = (data?.items ?? []).map(({ id, name, slug }) => ({ value: id, label: name, detail: slug }));
  return <Combobox key={options.length} options={options} value={value} onChange={onChange} placeholder={t("agent")} />;
}

/** One of any number of tools, searched on the server. */
export function ToolPicker({ value, onChange }: PickerProps) {
  const t = useTranslations("access.choose");
  const [search, setSearch] = useState("");
  const chosen = useQueryFor("tools.get", { toolId: value ?? "" }, { enabled: value !== null });
  const isChosenName = chosen.data?.name === search;
  const found = useQueryFor("tools.list", {
    limit: 50,
    ...(search === "" || isChosenName ? {} : { q: search.slice(0, 200) }),
  });
  const rows = [...(chosen.data ? [chosen.data] : []), ...(found.data?.items ?? [])];
  const options = [...new Map(rows.map((tool) => [tool.id, tool])).values()].map((tool) => ({
    value: tool.id,
    label: shownAsText(tool.name.slice(0, 200)),
    detail: tool.connectorSlug,
  }));
  return (
    <Combobox
      key={chosen.data?.id ?? ""}
      options={options}
      value={value}
      onChange={onChange}
      onSearch={setSearch}
      searching={found.isPending}
      placeholder={t("tool")}
    />
  );
}

/** A server's own name where only plain text fits: hidden characters by their labels. */
function shownAsText(name: string): string {
  return reveal(name)
    .map((segment) => (segment.kind === "text" ? segment.text : `⟦${segment.label}⟧`))
    .join("");
}

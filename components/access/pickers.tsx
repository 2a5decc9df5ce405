"use client";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Combobox } from "#components/ui/combobox.tsx";
import { reveal } from "#components/ui/reveal.ts";
import { useQueryFor } from "#lib/client/queries.ts";

type PickerProps = { value: string | null; onChange: (id: string | null) => void };
/** `mine` narrows the choice to what the person owns. */
type MinePickerProps = PickerProps & { mine: { ownedByMe?: "true" } };

/** One of any number of connectors, searched on the server. */
export function ConnectorPicker({ value, onChange, mine }: MinePickerProps) {
  const t = useTranslations("access.choose");
  const [search, setSearch] = useState("");
  const chosen = useQueryFor("connectors.get", { connectorId: value ?? "" }, { enabled: value !== null });
  const found = useQueryFor("connectors.list", {
    ...searched(search, value, chosen.data?.name),
    ...mine,
    sort: "name",
  });
  const picked = { value, onChange, onSearch: setSearch, searching: found.isPending, placeholder: t("connector") };
  return <Picker {...picked} chosen={chosen.data} found={found.data?.items} />;
}

/** One of the agents that the person may see, searched on the server. */
export function AgentPicker({ value, onChange }: PickerProps) {
  const t = useTranslations("access.choose");
  const [search, setSearch] = useState("");
  const chosen = useQueryFor("agents.get", { agentId: value ?? "" }, { enabled: value !== null });
  const found = useQueryFor("agents.list", { ...searched(search, value, chosen.data?.name), sort: "name" });
  const picked = { value, onChange, onSearch: setSearch, searching: found.isPending, placeholder: t("agent") };
  return <Picker {...picked} chosen={chosen.data} found={found.data?.items} />;
}

/** One of any number of tools, searched on the server. */
export function ToolPicker({ value, onChange, mine }: MinePickerProps) {
  const t = useTranslations("access.choose");
  const [search, setSearch] = useState("");
  const chosen = useQueryFor("tools.get", { toolId: value ?? "" }, { enabled: value !== null });
  const found = useQueryFor("tools.list", { ...searched(search, value, chosen.data?.name), ...mine });
  const picked = { value, onChange, onSearch: setSearch, searching: found.isPending, placeholder: t("tool") };
  return <Picker {...picked} chosen={chosen.data} found={found.data?.items} />;
}

type Thing = { id: string; name: string } & ({ slug: string } | { connectorSlug: string });

function Picker({
  chosen,
  found = [],
  ...combobox
}: {
  value: string | null;
  onChange: (id: string | null) => void;
  onSearch: (text: string) => void;
  searching: boolean;
  placeholder: string;
  chosen: Thing | undefined;
  found: readonly Thing[] | undefined;
}) {
  const rows = [...(chosen === undefined ? [] : [chosen]), ...found];
  const options = [...new Map(rows.map((row) => [row.id, row])).values()].map((row) => ({
    value: row.id,
    label: shownAsText(row.name.slice(0, 200)),
    detail: "slug" in row ? row.slug : row.connectorSlug,
  }));
  return <Combobox key={chosen?.id ?? ""} options={options} {...combobox} />;
}

/**
 * The field says the chosen name until something else is typed: then that is searched for. While that name is not known yet, nothing
 * is: the field would be searched for what it says itself, find nothing, say nothing, and begin again.
 */
function searched(search: string, value: string | null, chosenName: string | undefined): { limit: number; q?: string } {
  const isOwn = search === "" || (value !== null && (chosenName === undefined || search === chosenName));
  return { limit: 50, ...(isOwn ? {} : { q: search.slice(0, 200) }) };
}

/** A server's own name where only plain text fits: hidden characters by their labels. */
function shownAsText(name: string): string {
  return reveal(name)
    .map((segment) => (segment.kind === "text" ? segment.text : `⟦${segment.label}⟧`))
    .join("");
}

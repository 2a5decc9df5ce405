"use client";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Combobox } from "#components/ui/combobox.tsx";
import { useQueryFor } from "#lib/client/queries.ts";

type ConnectorPickerProps = {
  value: string | undefined;
  onChange: (id: string | undefined) => void;
  /** Offers only those that agents can call. */
  enabledOnly?: boolean;
};

/** One connector of the catalogue, found by name. Rendered inside a `Field`. */
export function ConnectorPicker({ value, onChange, enabledOnly = false }: ConnectorPickerProps) {
  const t = useTranslations("requests.form.what");
  const [search, setSearch] = useState("");
  const chosen = useQueryFor("connectors.get", { connectorId: value ?? "" }, { enabled: value !== undefined });
  // The field writes the chosen name into itself; that is not a search.
  const isName = value !== undefined && (chosen.data === undefined || search === chosen.data.name);
  const q = isName ? "" : search;
  const found = useQueryFor("connectors.list", {
    limit: 50,
    q,
    ...(enabledOnly ? { status: "enabled" as const } : {}),
  });
  const listed = found.data?.items ?? [];
  const all = chosen.data && !listed.some(({ id }) => id === chosen.data.id) ? [chosen.data, ...listed] : listed;
  return (
    <Combobox
      value={value ?? null}
      onChange={(id) => onChange(id ?? undefined)}
      options={all.map(({ id, name, slug }) => ({ value: id, label: name, detail: slug }))}
      placeholder={t("searchHint")}
      onSearch={setSearch}
      searching={found.isPending}
    />
  );
}

"use client";
import { Combobox } from "#components/ui/combobox.tsx";
import { useQueryFor } from "#lib/client/queries.ts";

/** One team that agents belong to. Rendered inside a `Field`. */
export function TeamPicker({
  value,
  onChange,
}: {
  value: string | undefined;
  onChange: (id: string | undefined) => void;
}) {
  const teams = useQueryFor("teams.list", { limit: 200 });
  return (
    <Combobox
      value={value ?? null}
      onChange={(id) => onChange(id ?? undefined)}
      options={(teams.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))}
    />
  );
}

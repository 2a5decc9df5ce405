"use client";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Combobox } from "#components/ui/combobox.tsx";
import { useQueryFor } from "#lib/client/queries.ts";

/** One active person, found by name. Rendered inside a `Field`. */
export function PersonPicker({
  value,
  onChange,
}: {
  value: string | undefined;
  onChange: (id: string | undefined) => void;
}) {
  const t = useTranslations("requests.form.owners");
  const [search, setSearch] = useState("");
  const everyone = useQueryFor("people.list", { limit: 200 });
  const found = useQueryFor("people.list", { limit: 50, q: search }, { enabled: search !== "" });
  const chosen = everyone.data?.items.find(({ id }) => id === value);
  const isSearch = search !== "" && search !== chosen?.name;
  const listed = (isSearch ? found.data : everyone.data)?.items ?? [];
  const people = chosen && !listed.some(({ id }) => id === chosen.id) ? [chosen, ...listed] : listed;
  return (
    <Combobox
      value={value ?? null}
      onChange={(id) => onChange(id ?? undefined)}
      options={people
        .filter(({ status, id }) => status === "active" || id === value)
        .map(({ id, name, email }) => ({ value: id, label: name, ...(email ? { detail: email } : {}) }))}
      placeholder={t("search")}
      onSearch={setSearch}
      searching={isSearch && found.isPending}
      empty={t("empty")}
    />
  );
}

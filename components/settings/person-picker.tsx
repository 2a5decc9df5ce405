"use client";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Combobox } from "#components/ui/combobox.tsx";
import { useQueryFor } from "#lib/client/queries.ts";

/** A person as a form keeps them. */
export type PickedPerson = { id: string; name: string };

type PersonPickerProps = {
  value: PickedPerson | null;
  onChange: (person: PickedPerson | null) => void;
  /** People who make no sense here, e.g. oneself. */
  except?: readonly string[];
};

/** One active person, searched by name as one types. Stands inside a `Field`. */
export function PersonPicker({ value, onChange, except = [] }: PersonPickerProps) {
  const t = useTranslations("settings");
  const [q, setQ] = useState("");
  const asked = q === value?.name ? "" : q;
  const found = useQueryFor("people.list", { limit: 20, ...(asked === "" ? {} : { q: asked }) });
  const people = (found.data?.items ?? []).filter(({ id, status }) => status === "active" && !except.includes(id));
  const options = people.map(({ id, name, email }) => ({
    value: id,
    label: name,
    ...(email ? { detail: email } : {}),
  }));
  const isListed = value === null || options.some((option) => option.value === value.id);
  return (
    <Combobox
      options={isListed ? options : [{ value: value.id, label: value.name }, ...options]}
      value={value?.id ?? null}
      onChange={(id) => {
        const person = people.find((one) => one.id === id);
        onChange(person ? { id: person.id, name: person.name } : null);
      }}
      onSearch={setQ}
      searching={found.isFetching}
      placeholder={t("choosePerson")}
      empty={t("noPerson")}
    />
  );
}

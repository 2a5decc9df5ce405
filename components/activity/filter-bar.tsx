"use client";
import X from "lucide-react/icons/x";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { type ActivityFilter, kinds, periods } from "#components/activity/activity-filter.ts";
import { Button } from "#components/ui/button.tsx";
import { Combobox } from "#components/ui/combobox.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { Select } from "#components/ui/select.tsx";
import { useQueryFor } from "#lib/client/queries.ts";

/** Filters that only links set; here they can be taken away. */
const things = ["subjectId", "grantId", "principalId"] as const;

/** The filters of the activity list. */
export function FilterBar({ filter }: { filter: ActivityFilter }) {
  const t = useTranslations("activity.filter");
  const { asked, set, isFiltered } = filter;
  return (
    <search aria-label={t("label")} className="mb-3 flex flex-wrap items-center gap-2">
      <div className="w-36">
        <Select
          aria-label={t("types")}
          value={asked.types ?? "all"}
          onChange={(value) => void set({ types: value === "all" ? null : value })}
          options={[{ value: "all" as const, label: t("all") }, ...kinds.map((value) => ({ value, label: t(value) }))]}
        />
      </div>
      <ConnectorFilter value={asked.connectorId} onChange={(connectorId) => void set({ connectorId })} />
      <AgentFilter value={asked.agentId} onChange={(agentId) => void set({ agentId })} />
      <div className="w-40">
        <Select
          aria-label={t("time")}
          value={asked.period ?? (asked.from === null && asked.to === null ? "any" : "custom")}
          onChange={(value) =>
            void set({
              period: value === "any" ? null : value,
              ...(value === "custom" ? {} : { from: null, to: null }),
            })
          }
          options={[
            { value: "any" as const, label: t("any") },
            ...periods.map((value) => ({ value, label: t(value) })),
          ]}
        />
      </div>
      {asked.period === "custom" || asked.from !== null || asked.to !== null ? (
        <>
          <DayInput label={t("from")} value={asked.from} onChange={(from) => void set({ from })} />
          <DayInput label={t("to")} value={asked.to} onChange={(to) => void set({ to })} />
        </>
      ) : null}
      {things.map((thing) => {
        const id = asked[thing];
        return id === null ? null : (
          <Button
            key={thing}
            title={t("removeSubject")}
            icon={<X size={13} aria-hidden />}
            onClick={() => void set({ [thing]: null })}
            className="max-w-60"
          >
            <span className="isolated truncate">{t(thing, { id })}</span>
          </Button>
        );
      })}
      {isFiltered ? (
        <Button variant="ghost" onClick={() => void set(null)}>
          {t("clear")}
        </Button>
      ) : null}
    </search>
  );
}

function DayInput({
  label,
  value,
  onChange,
}: {
  label: string;
  value: string | null;
  onChange: (value: string | null) => void;
}) {
  return (
    <Field label={label} hideLabel className="w-38">
      <Input
        type="date"
        title={label}
        value={value?.slice(0, 10) ?? ""}
        onChange={(event) => onChange(event.currentTarget.value || null)}
      />
    </Field>
  );
}

type PickProps = { value: string | null; onChange: (id: string | null) => void };

function ConnectorFilter({ value, onChange }: PickProps) {
  const t = useTranslations("activity.filter");
  const [q, setQ] = useState("");
  const found = useQueryFor("connectors.list", { q, limit: 30 });
  const items = found.data?.items ?? [];
  const isListed = items.some(({ id }) => id === value);
  const chosen = useQueryFor("connectors.get", { connectorId: value ?? "" }, { enabled: value !== null && !isListed });
  const options = [...items, ...(value !== null && !isListed && chosen.data ? [chosen.data] : [])];
  return (
    <Pick
      label={t("connector")}
      placeholder={t("anyConnector")}
      options={options.map(({ id, name, slug }) => ({ value: id, label: name, detail: slug }))}
      searching={found.isFetching}
      {...{ value, onChange, onSearch: setQ }}
    />
  );
}

function AgentFilter({ value, onChange }: PickProps) {
  const t = useTranslations("activity.filter");
  const [q, setQ] = useState("");
  const found = useQueryFor("agents.list", { q, limit: 30 });
  const items = found.data?.items ?? [];
  const isListed = items.some(({ id }) => id === value);
  const chosen = useQueryFor("agents.get", { agentId: value ?? "" }, { enabled: value !== null && !isListed });
  const options = [...items, ...(value !== null && !isListed && chosen.data ? [chosen.data] : [])];
  return (
    <Pick
      label={t("agent")}
      placeholder={t("anyAgent")}
      options={options.map(({ id, name, slug }) => ({ value: id, label: name, detail: slug }))}
      searching={found.isFetching}
      {...{ value, onChange, onSearch: setQ }}
    />
  );
}

function Pick(
  props: PickProps & {
    label: string;
    placeholder: string;
    options: { value: string; label: string; detail: string }[];
    searching: boolean;
    onSearch: (q: string) => void;
  },
) {
  const { label, ...rest } = props;
  return (
    <div className="w-44">
      <Combobox aria-label={label} {...rest} />
    </div>
  );
}

"use client";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { FormDialog, isReason, ReasonField } from "#components/settings/form-dialog.tsx";
import { useForm } from "#components/settings/form-state.ts";
import { PersonPicker, type PickedPerson } from "#components/settings/person-picker.tsx";
import { useAct } from "#components/shell/confirm-act.tsx";
import { Combobox } from "#components/ui/combobox.tsx";
import { Field } from "#components/ui/field.tsx";
import { RadioGroup } from "#components/ui/radio-group.tsx";
import { useQueryFor } from "#lib/client/queries.ts";
import type { Team } from "#lib/contract/people.ts";

/** Proposes a person or an agent as a member of a team. */
export function AddMember({ team }: { team: Team }) {
  const t = useTranslations("settings");
  const name = `add-member-${team.id}`;
  const [act, setAct] = useAct();
  const form = useForm("teams.add-member", {
    key: name,
    empty: { kind: "user" as "user" | "agent", member: null as PickedPerson | null, reason: "" },
    onDone: () => setAct(null),
  });
  const { kind, member, reason } = form.values;
  const missing = form.tried && member === null ? t("required") : undefined;
  return (
    <FormDialog
      open={act === name}
      onClose={() => setAct(null)}
      title={t("teams.addTitle", { name: team.name })}
      description={t("twoPersons")}
      submitLabel={t("propose")}
      pending={form.send.isPending}
      error={form.send.error}
      onSubmit={() => {
        form.setTried(true);
        if (member === null || !isReason(reason)) return;
        form.send.mutate({ teamId: team.id, memberKind: kind, memberId: member.id, reason: reason.trim() });
      }}
    >
      <RadioGroup
        label={t("teams.memberKind")}
        value={kind}
        onChange={(next) => form.set({ kind: next, member: null })}
        options={[
          { value: "user" as const, label: t("teams.user") },
          { value: "agent" as const, label: t("teams.agentMember") },
        ]}
      />
      {kind === "user" ? (
        <Field label={t("teams.person")} error={missing}>
          <PersonPicker
            value={member}
            onChange={(next) => form.set({ member: next })}
            except={team.members.map(({ memberId }) => memberId)}
          />
        </Field>
      ) : (
        <Field label={t("teams.agentLabel")} error={missing}>
          <AgentPicker value={member} onChange={(next) => form.set({ member: next })} />
        </Field>
      )}
      <ReasonField value={reason} onChange={(next) => form.set({ reason: next })} tried={form.tried} />
    </FormDialog>
  );
}

function AgentPicker({
  value,
  onChange,
}: {
  value: PickedPerson | null;
  onChange: (agent: PickedPerson | null) => void;
}) {
  const t = useTranslations("settings.teams");
  const [q, setQ] = useState("");
  const asked = q === value?.name ? "" : q;
  const found = useQueryFor("agents.list", { limit: 20, status: "active", ...(asked === "" ? {} : { q: asked }) });
  const agents = found.data?.items ?? [];
  const options = agents.map(({ id, name, slug }) => ({ value: id, label: name, detail: slug }));
  const isListed = value === null || options.some((option) => option.value === value.id);
  return (
    <Combobox
      options={isListed ? options : [{ value: value.id, label: value.name }, ...options]}
      value={value?.id ?? null}
      onChange={(id) => {
        const agent = agents.find((one) => one.id === id);
        onChange(agent ? { id: agent.id, name: agent.name } : null);
      }}
      onSearch={setQ}
      searching={found.isFetching}
      placeholder={t("chooseAgent")}
    />
  );
}

"use client";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { ActDialog, isReason } from "#components/shell/act-dialog.tsx";
import { useAct } from "#components/shell/confirm-act.tsx";
import { useSayDone } from "#components/shell/say-done.ts";
import { Combobox } from "#components/ui/combobox.tsx";
import { Field } from "#components/ui/field.tsx";
import { useKept } from "#components/ui/kept-state.ts";
import { Select } from "#components/ui/select.tsx";
import { useMutationFor, useQueryFor } from "#lib/client/queries.ts";
import type { Owner } from "#lib/contract/connectors.ts";

const roles = ["accountable", "technical", "security"] as const;

/** Proposes another owner of a connector, a person or a team. */
export function HandOver({ connectorId, name }: { connectorId: string; name: string }) {
  const t = useTranslations("inventory");
  const [act, setAct] = useAct();
  const isOpen = act === "own";
  const [role, setRole] = useState<Owner["role"]>("accountable");
  const [owner, setOwner] = useKept<string>(`own ${connectorId} owner`);
  const [reason, setReason] = useKept<string>(`own ${connectorId} reason`);
  const [tried, setTried] = useState(false);
  const people = useQueryFor("people.list", { limit: 200 }, { enabled: isOpen });
  const teams = useQueryFor("teams.list", { limit: 200 }, { enabled: isOpen });
  const sayDone = useSayDone();
  const mutation = useMutationFor("connectors.set-owner", {
    onSuccess: (result) => {
      setOwner(null);
      setReason(null);
      setAct(null);
      sayDone(result);
    },
  });
  const options = [
    ...(people.data?.items ?? [])
      .filter((person) => person.status === "active")
      .map((person) => ({ value: `user ${person.id}`, label: person.name, detail: t("ownerKind.user") })),
    ...(teams.data?.items ?? []).map((team) => ({
      value: `team ${team.id}`,
      label: team.name,
      detail: t("ownerKind.team"),
    })),
  ];
  const [kind, ownerId] = (owner ?? "").split(" ");

  function submit() {
    setTried(true);
    if ((kind !== "user" && kind !== "team") || ownerId === undefined || !isReason(reason ?? "")) return;
    mutation.mutate({ connectorId, ownerKind: kind, ownerId, role, reason: reason ?? "" });
  }

  return (
    <ActDialog
      open={isOpen}
      onClose={() => setAct(null)}
      title={t("connectors.ownTitle", { name })}
      description={t("connectors.ownBody")}
      reason={reason ?? ""}
      onReason={setReason}
      tried={tried}
      submitLabel={t("connectors.ownPropose")}
      pending={mutation.isPending}
      error={mutation.error}
      onSubmit={submit}
    >
      <Field label={t("field.role")}>
        <Select
          options={roles.map((value) => ({ value, label: t(`role.${value}`) }))}
          value={role}
          onChange={setRole}
        />
      </Field>
      <Field label={t("connectors.ownWho")} error={tried && !ownerId ? t("connectors.ownSearch") : undefined}>
        <Combobox
          key={options.length}
          options={options}
          value={owner}
          onChange={setOwner}
          placeholder={t("connectors.ownSearch")}
        />
      </Field>
    </ActDialog>
  );
}

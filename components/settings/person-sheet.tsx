"use client";
import type { Route } from "next";
import { useTranslations } from "use-intl";
import { GiveRole } from "#components/settings/give-role.tsx";
import { useMay } from "#components/settings/may.ts";
import { ConfirmAct, useAct } from "#components/shell/confirm-act.tsx";
import { Button, ButtonLink } from "#components/ui/button.tsx";
import { Sheet } from "#components/ui/dialog.tsx";
import { Facts } from "#components/ui/facts.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { ShortId } from "#components/ui/short-id.tsx";
import { StateChip } from "#components/ui/state-chip.tsx";
import { UntrustedText } from "#components/ui/untrusted-text.tsx";
import type { Person } from "#lib/contract/people.ts";

/** One person: what is known of them, their roles, and what may be done about them. */
export function PersonSheet({ person, onClose }: { person: Person | null; onClose: () => void }) {
  return (
    <Sheet
      open={person !== null}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={person === null ? "" : <UntrustedText text={person.name} collapseAfter={120} />}
    >
      {person === null ? null : <PersonDetail person={person} />}
    </Sheet>
  );
}

function PersonDetail({ person }: { person: Person }) {
  const t = useTranslations("settings.people");
  const may = useMay();
  const [, setAct] = useAct();
  const { name } = person;
  return (
    <div className="flex flex-col gap-6">
      <Facts
        facts={[
          {
            id: "status",
            term: t("status"),
            value: (
              <StateChip plain tone={person.status === "active" ? "green" : "red"}>
                {t(person.status)}
              </StateChip>
            ),
          },
          ...(person.email === null
            ? []
            : [{ id: "email", term: t("email"), value: <UntrustedText text={person.email} /> }]),
          ...(person.teams.length === 0
            ? []
            : [
                {
                  id: "teams",
                  term: t("teams"),
                  value: <UntrustedText text={person.teams.map((team) => team.name).join(", ")} />,
                },
              ]),
          { id: "issuer", term: t("issuer"), value: <UntrustedText text={person.issuer} /> },
          { id: "since", term: t("since"), value: <RelativeTime value={person.createdAt} focusable={false} /> },
          { id: "id", term: t("id"), value: <ShortId value={person.id} name={t("id")} /> },
        ]}
      />
      <Roles person={person} />
      <div className="flex flex-wrap gap-2 border-t pt-4">
        <ButtonLink href={`/activity?subjectId=${person.id}` as Route}>{t("activity")}</ButtonLink>
        {person.status === "active" && may("person:suspend") ? (
          <Button onClick={() => setAct("suspend-person")}>{t("suspend")}</Button>
        ) : null}
        {person.status === "suspended" && may("person:resume") ? (
          <Button onClick={() => setAct("resume-person")}>{t("resume")}</Button>
        ) : null}
      </div>
      <ConfirmAct
        act="suspend-person"
        operation="people.suspend"
        input={(reason) => ({ personId: person.id, reason })}
        title={t("suspendTitle", { name })}
        description={t("suspendBody")}
        confirmLabel={t("suspend")}
        danger
        done={t("suspendDone", { name })}
      />
      <ConfirmAct
        act="resume-person"
        operation="people.resume"
        input={(reason) => ({ personId: person.id, reason })}
        title={t("resumeTitle", { name })}
        description={t("resumeBody")}
        confirmLabel={t("resume")}
        done=""
      />
    </div>
  );
}

function Roles({ person }: { person: Person }) {
  const t = useTranslations("settings.people");
  const roleName = useTranslations("shell.roles");
  const may = useMay();
  const [, setAct] = useAct();
  const { name } = person;
  return (
    <section aria-label={t("roles")} className="flex flex-col gap-2">
      <h3 className="font-medium text-ink text-sm">{t("roles")}</h3>
      {person.roles.length === 0 ? <p className="text-muted text-sm">{t("noRoles")}</p> : null}
      <ul className="flex flex-col divide-y rounded-md border empty:hidden">
        {person.roles.map((role) => (
          <li key={role} className="flex items-center justify-between gap-3 px-3 py-2 text-sm">
            <span className="min-w-0">
              <span className="block font-medium text-ink">{roleName(role)}</span>
              <span className="block text-muted">{t(`roleDetail.${role}`)}</span>
            </span>
            {may("role:remove") ? (
              <Button
                variant="ghost"
                aria-label={t("removeRole", { role: roleName(role) })}
                onClick={() => setAct(`remove-${role}`)}
              >
                {t("remove")}
              </Button>
            ) : null}
            <ConfirmAct
              act={`remove-${role}`}
              operation="roles.remove"
              input={(reason) => ({ personId: person.id, role, reason })}
              title={t("removeTitle", { name, role: roleName(role) })}
              description={t("removeBody")}
              confirmLabel={t("remove")}
              danger
              done={t("removed", { name, role: roleName(role) })}
            />
          </li>
        ))}
      </ul>
      {may("role:assign") ? (
        person.status === "active" ? (
          <GiveRole person={person} />
        ) : null
      ) : (
        <p className="text-faint text-sm">{t("mayAsk")}</p>
      )}
    </section>
  );
}

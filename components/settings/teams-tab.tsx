"use client";
import Plus from "lucide-react/icons/plus";
import UserPlus from "lucide-react/icons/user-plus";
import X from "lucide-react/icons/x";
import { useTranslations } from "use-intl";
import { AddMember } from "#components/settings/add-member.tsx";
import { CreateTeam } from "#components/settings/create-team.tsx";
import { useMay } from "#components/settings/may.ts";
import { TabIntro } from "#components/settings/tab-intro.tsx";
import { ConfirmAct, useAct } from "#components/shell/confirm-act.tsx";
import { Button } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { ErrorState } from "#components/ui/error-state.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { Section } from "#components/ui/section.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { Tag } from "#components/ui/tag.tsx";
import { UntrustedText } from "#components/ui/untrusted-text.tsx";
import { useInfiniteQueryFor } from "#lib/client/queries.ts";
import type { Team } from "#lib/contract/people.ts";

/** Teams with their members. */
export function TeamsTab() {
  const t = useTranslations("settings.teams");
  const list = useInfiniteQueryFor("teams.list", { limit: 100 });
  const may = useMay();
  const [, setAct] = useAct();
  const create = may("team:create") ? (
    <Button icon={<Plus size={14} aria-hidden />} onClick={() => setAct("create-team")}>
      {t("create")}
    </Button>
  ) : null;
  return (
    <>
      <TabIntro action={create}>{t("description")}</TabIntro>
      {list.isError ? (
        <ErrorState onRetry={() => void list.refetch()} retrying={list.isFetching} />
      ) : list.isPending ? (
        <div className="grid gap-4 lg:grid-cols-2">
          <Skeleton className="h-48 w-full" />
          <Skeleton className="h-48 w-full" />
        </div>
      ) : list.data.length === 0 ? (
        <EmptyState
          title={t("emptyTitle")}
          body={create === null ? `${t("emptyBody")} ${t("emptyAsk")}` : t("emptyBody")}
        />
      ) : (
        <div className="grid gap-4 lg:grid-cols-2">
          {list.data.map((team) => (
            <TeamCard key={team.id} team={team} />
          ))}
        </div>
      )}
      {create === null ? null : <CreateTeam />}
    </>
  );
}

function TeamCard({ team }: { team: Team }) {
  const t = useTranslations("settings.teams");
  const may = useMay();
  const [, setAct] = useAct();
  return (
    <Section
      title={<UntrustedText text={team.name} inline />}
      aside={
        <>
          <Tag>{t(team.kind)}</Tag>
          <span>{t("members", { count: team.members.length })}</span>
        </>
      }
      flush
    >
      <ul className="flex flex-col divide-y not-empty:border-b empty:hidden">
        {team.members.map((member) => {
          const names = { member: member.name, name: team.name };
          const act = `remove-${team.id}-${member.memberId}`;
          return (
            <li key={member.memberId} className="flex min-h-9 items-center justify-between gap-3 px-4 py-1 text-sm">
              <span className="flex min-w-0 items-center gap-2 text-ink">
                <UntrustedText text={member.name} inline />
                {member.memberKind === "agent" ? <Tag>{t("agent")}</Tag> : null}
              </span>
              {may("team:remove-member") ? (
                <IconButton
                  label={t("removeName", names)}
                  icon={<X size={14} aria-hidden />}
                  onClick={() => setAct(act)}
                />
              ) : null}
              <ConfirmAct
                act={act}
                operation="teams.remove-member"
                input={(reason) => ({ teamId: team.id, memberId: member.memberId, reason })}
                title={t("removeTitle", names)}
                description={t("removeBody")}
                confirmLabel={t("remove")}
                danger
                done={t("removed", names)}
              />
            </li>
          );
        })}
      </ul>
      {may("team:add-member") ? (
        <div className="px-1 py-1.5">
          <Button
            variant="ghost"
            icon={<UserPlus size={14} aria-hidden />}
            onClick={() => setAct(`add-member-${team.id}`)}
          >
            {t("add")}
          </Button>
          <AddMember team={team} />
        </div>
      ) : null}
    </Section>
  );
}

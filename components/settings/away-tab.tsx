"use client";
import Plus from "lucide-react/icons/plus";
import { useFormatter, useTranslations } from "use-intl";
import { PendingChanges } from "#components/connectors/pending-changes.tsx";
import { NameDelegate } from "#components/settings/name-delegate.tsx";
import { TabIntro } from "#components/settings/tab-intro.tsx";
import { ConfirmAct, useAct } from "#components/shell/confirm-act.tsx";
import { Button } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { ErrorState } from "#components/ui/error-state.tsx";
import { Section } from "#components/ui/section.tsx";
import { SkeletonText } from "#components/ui/skeleton.tsx";
import { StateChip } from "#components/ui/state-chip.tsx";
import { UntrustedText } from "#components/ui/untrusted-text.tsx";
import { useQueryFor } from "#lib/client/queries.ts";
import type { Delegation, Me } from "#lib/contract/people.ts";

/** Who acts for the person while they are away, and for whom they act. */
export function AwayTab() {
  const t = useTranslations("settings.away");
  const me = useQueryFor("people.me", {});
  const [, setAct] = useAct();
  return (
    <>
      <TabIntro
        action={
          <Button icon={<Plus size={14} aria-hidden />} onClick={() => setAct("name-delegate")}>
            {t("set")}
          </Button>
        }
      >
        {t("description")}
      </TabIntro>
      {me.isError ? (
        <ErrorState onRetry={() => void me.refetch()} retrying={me.isFetching} />
      ) : me.isPending ? (
        <SkeletonText lines={4} />
      ) : (
        <>
          <PendingChanges subjectIds={[me.data.id]} />
          <Section title={t("label")} flush>
            {me.data.delegations.length === 0 ? (
              <EmptyState title={t("emptyTitle")} body={t("emptyBody")} />
            ) : (
              <ul className="flex flex-col divide-y">
                {me.data.delegations.map((delegation) => (
                  <li key={delegation.id}>
                    <DelegationRow delegation={delegation} me={me.data} />
                  </li>
                ))}
              </ul>
            )}
          </Section>
          <NameDelegate me={me.data} />
        </>
      )}
    </>
  );
}

function DelegationRow({ delegation, me }: { delegation: Delegation; me: Me }) {
  const t = useTranslations("settings.away");
  const format = useFormatter();
  const [, setAct] = useAct();
  const isMine = delegation.user.id === me.id;
  const day = (at: string) => format.dateTime(new Date(at), { dateStyle: "medium" });
  const { name } = isMine ? delegation.delegate : delegation.user;
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-2.5 text-sm">
      <span className="min-w-0 flex-1 basis-56">
        <UntrustedText
          text={isMine ? t("actsForYou", { name }) : t("youActFor", { name })}
          className="font-medium text-ink"
        />
        <span className="text-muted">{t("range", { from: day(delegation.startsAt), to: day(delegation.endsAt) })}</span>
      </span>
      <StateChip plain tone={delegation.active ? "green" : "neutral"}>
        {delegation.active ? t("active") : t("later")}
      </StateChip>
      {isMine ? (
        <>
          <Button variant="ghost" onClick={() => setAct(`end-${delegation.id}`)}>
            {t("cancel")}
          </Button>
          <ConfirmAct
            act={`end-${delegation.id}`}
            operation="delegates.cancel"
            input={() => ({ delegationId: delegation.id })}
            title={t("cancelTitle", { name })}
            description={t("cancelBody")}
            confirmLabel={t("cancel")}
            reasonMin={false}
            done={t("cancelled", { name })}
          />
        </>
      ) : null}
    </div>
  );
}

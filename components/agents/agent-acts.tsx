"use client";
import { useTranslations } from "use-intl";
import { ConfirmAct, useAct } from "#components/shell/confirm-act.tsx";
import { Button } from "#components/ui/button.tsx";
import type { OutputOf } from "#lib/contract/index.ts";

/** What the person may do to an agent now. */
export function AgentActs({ agent }: { agent: OutputOf<"agents.get"> }) {
  const t = useTranslations("access.agent");
  const [, setAct] = useAct();
  const may = new Set(agent.may);
  const { name, id: agentId } = agent;
  const reach = t("suspendReach", { grants: agent.activeGrants });
  return (
    <>
      {may.has("retire") ? (
        <Button variant="ghost" onClick={() => setAct("retire")}>
          {t("retire")}
        </Button>
      ) : null}
      {may.has("suspend") ? <Button onClick={() => setAct("suspend")}>{t("suspend")}</Button> : null}
      {may.has("resume") ? (
        <Button variant="primary" onClick={() => setAct("resume")}>
          {t("resume")}
        </Button>
      ) : null}
      {may.has("suspend") ? (
        <ConfirmAct
          act="suspend"
          operation="agents.suspend"
          input={(reason) => ({ agentId, reason })}
          title={t("suspendTitle", { name })}
          description={t("suspendBody")}
          reach={reach}
          confirmLabel={t("suspend")}
          danger
          done={t("suspended", { name })}
        />
      ) : null}
      {may.has("resume") ? (
        <ConfirmAct
          act="resume"
          operation="agents.resume"
          input={(reason) => ({ agentId, reason })}
          title={t("resumeTitle", { name })}
          description={t("resumeBody")}
          confirmLabel={t("resume")}
          done=""
        />
      ) : null}
      {may.has("retire") ? (
        <ConfirmAct
          act="retire"
          operation="agents.retire"
          input={(reason) => ({ agentId, reason })}
          title={t("retireTitle", { name })}
          description={t("retireBody")}
          reach={reach}
          confirmLabel={t("retire")}
          danger
          typedPhrase={agent.slug}
          done={t("retired", { name })}
        />
      ) : null}
    </>
  );
}

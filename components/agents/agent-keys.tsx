"use client";
import KeyRound from "lucide-react/icons/key-round";
import { useTranslations } from "use-intl";
import { AddKey } from "#components/agents/add-key.tsx";
import { ConfirmAct, useAct } from "#components/shell/confirm-act.tsx";
import { Button } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { Section } from "#components/ui/section.tsx";
import { ShortId } from "#components/ui/short-id.tsx";
import { StateChip } from "#components/ui/state-chip.tsx";
import { Tag } from "#components/ui/tag.tsx";
import type { OutputOf } from "#lib/contract/index.ts";

type Detail = OutputOf<"agents.get">;

/** The public keys of an agent, newest first. */
export function AgentKeys({ agent }: { agent: Detail }) {
  const t = useTranslations("access.agent");
  const [, setAct] = useAct();
  const addKey = agent.may.includes("add-key") ? (
    <Button onClick={() => setAct("add-key")}>{t("addKey")}</Button>
  ) : null;
  return (
    <Section title={t("keys")} description={t("keysBody")} aside={agent.keys.length > 0 ? addKey : null} flush>
      {agent.keys.length === 0 ? (
        <EmptyState icon={<KeyRound size={20} aria-hidden />} title={t("keysNone")} action={addKey} />
      ) : (
        <ul className="divide-y text-sm">
          {agent.keys.map((key) => (
            <li key={key.id} className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2">
              <span className="w-24">
                <StateChip plain tone={key.revokedAt ? "grey" : "green"}>
                  {t(key.revokedAt ? "keyRevoked" : "keyActive")}
                </StateChip>
              </span>
              <ShortId value={key.thumbprint} name={t("thumbprint")} head={12} />
              <Tag mono>{key.algorithm}</Tag>
              <span className="min-w-0 flex-1 text-faint">
                {key.revokedAt ? (
                  <>
                    {t("keyRevoked")} <RelativeTime value={key.revokedAt} />
                  </>
                ) : (
                  <>
                    {t("keyAdded")} <RelativeTime value={key.addedAt} />
                  </>
                )}
              </span>
              {key.revokedAt === null && agent.may.includes("revoke-key") ? (
                <>
                  <Button variant="ghost" onClick={() => setAct(`revoke-${key.id}`)}>
                    {t("revokeKey")}
                  </Button>
                  <ConfirmAct
                    act={`revoke-${key.id}`}
                    operation="agents.revoke-key"
                    input={(reason) => ({ agentId: agent.id, keyId: key.id, reason })}
                    title={t("revokeKeyTitle")}
                    description={t("revokeKeyBody")}
                    confirmLabel={t("revokeKey")}
                    danger
                    done={t("revokeKeyDone")}
                  />
                </>
              ) : null}
            </li>
          ))}
        </ul>
      )}
      {agent.may.includes("add-key") ? <AddKey agent={agent} /> : null}
    </Section>
  );
}

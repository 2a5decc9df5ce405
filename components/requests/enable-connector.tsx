"use client";
import { useTranslations } from "use-intl";
import { FailureNotice } from "#components/shell/failure-notice.tsx";
import { Button } from "#components/ui/button.tsx";
import { Section } from "#components/ui/section.tsx";
import { toast } from "#components/ui/toast.tsx";
import { useMutationFor } from "#lib/client/queries.ts";
import type { Connector } from "#lib/contract/connectors.ts";

/** The last step after approval: its owner or an administrator lets agents reach it. */
export function EnableConnector({ connector }: { connector: Connector }) {
  const t = useTranslations("requests.review.acts");
  const enable = useMutationFor("connectors.enable", {
    onSuccess: () => toast({ title: t("enabled", { name: connector.name }) }),
  });
  return (
    <Section title={t("enableTitle")}>
      <div className="flex flex-col gap-3">
        <p className="text-muted text-sm">{t("enableBody")}</p>
        {enable.error ? <FailureNotice error={enable.error} /> : null}
        <Button
          variant="primary"
          loading={enable.isPending}
          onClick={() => enable.mutate({ connectorId: connector.id })}
        >
          <span className="truncate">{t("enable", { name: connector.name })}</span>
        </Button>
      </div>
    </Section>
  );
}

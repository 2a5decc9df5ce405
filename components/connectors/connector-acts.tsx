"use client";
import Ellipsis from "lucide-react/icons/ellipsis";
import type { Route } from "next";
import { useTranslations } from "use-intl";
import { HandOver } from "#components/connectors/hand-over.tsx";
import { ConfirmAct, useAct } from "#components/shell/confirm-act.tsx";
import { Button, ButtonLink } from "#components/ui/button.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { Menu, type MenuEntry } from "#components/ui/menu.tsx";
import type { OutputOf } from "#lib/contract/index.ts";

type Detail = OutputOf<"connectors.get">;

/** What the person may do to a connector now: the most likely act as a button, the rest in a menu. */
export function ConnectorActs({ connector }: { connector: Detail }) {
  const t = useTranslations("inventory");
  const [, setAct] = useAct();
  const may = new Set(connector.may);
  const newVersion = `/requests/new?kind=version&connectorId=${connector.id}` as Route;
  // What a quarantine waits for is a review of what the server shows now.
  const isVersionDue = connector.status === "quarantined" && may.has("request-version") && !connector.openRequestId;
  const rare: MenuEntry[] = [
    ...(may.has("request-version") && !isVersionDue
      ? [
          {
            id: "version",
            label: t("connectors.requestVersion"),
            href: newVersion,
          },
        ]
      : []),
    ...(may.has("own") ? [{ id: "own", label: t("connectors.own"), onSelect: () => setAct("own") }] : []),
    ...(may.has("retire")
      ? ([
          "separator",
          { id: "retire", label: t("connectors.retire"), onSelect: () => setAct("retire"), danger: true },
        ] as const)
      : []),
  ];
  return (
    <>
      {rare.length > 0 ? (
        <Menu
          entries={rare}
          trigger={<IconButton variant="secondary" label={t("act.more")} icon={<Ellipsis size={16} aria-hidden />} />}
        />
      ) : null}
      {connector.openRequestId ? (
        <ButtonLink href={`/requests/${connector.openRequestId}` as Route}>{t("connectors.openRequest")}</ButtonLink>
      ) : null}
      {may.has("suspend") ? <Button onClick={() => setAct("suspend")}>{t("connectors.suspend")}</Button> : null}
      {may.has("resume") ? (
        <Button variant="primary" onClick={() => setAct("resume")}>
          {t("connectors.resume")}
        </Button>
      ) : null}
      {may.has("enable") ? (
        <Button variant="primary" onClick={() => setAct("enable")}>
          {t("connectors.enable")}
        </Button>
      ) : null}
      {may.has("request-grant") ? (
        <ButtonLink variant="primary" href={`/requests/new?kind=grant&connectorId=${connector.id}` as Route}>
          {t("connectors.requestGrant")}
        </ButtonLink>
      ) : null}
      {isVersionDue ? (
        <ButtonLink variant="primary" href={newVersion}>
          {t("connectors.requestVersion")}
        </ButtonLink>
      ) : null}
      <ConnectorConfirms connector={connector} />
    </>
  );
}

function ConnectorConfirms({ connector }: { connector: Detail }) {
  const t = useTranslations("inventory.connectors");
  const { name, reach } = connector;
  const may = new Set(connector.may);
  const connectorId = connector.id;
  const stops = t("reach", { agents: reach.agents, grants: reach.grants, calls: reach.callsLastHour });
  return (
    <>
      {may.has("enable") ? (
        <ConfirmAct
          act="enable"
          operation="connectors.enable"
          input={() => ({ connectorId })}
          title={t("enableTitle", { name })}
          description={t("enableBody")}
          confirmLabel={t("enable")}
          reasonMin={false}
          done={t("enabled", { name })}
        />
      ) : null}
      {may.has("suspend") ? (
        <ConfirmAct
          act="suspend"
          operation="connectors.suspend"
          input={(reason) => ({ connectorId, reason })}
          title={t("suspendTitle", { name })}
          description={t("suspendBody")}
          reach={stops}
          confirmLabel={t("suspend")}
          danger
          done={t("suspended", { name })}
        />
      ) : null}
      {may.has("resume") ? (
        <ConfirmAct
          act="resume"
          operation="connectors.resume"
          input={(reason) => ({ connectorId, reason })}
          title={t("resumeTitle", { name })}
          description={t("resumeBody")}
          confirmLabel={t("resume")}
          done=""
        />
      ) : null}
      {may.has("retire") ? (
        <ConfirmAct
          act="retire"
          operation="connectors.retire"
          input={(reason) => ({ connectorId, reason })}
          title={t("retireTitle", { name })}
          description={t("retireBody")}
          reach={stops}
          confirmLabel={t("retire")}
          danger
          typedPhrase={connector.slug}
          done={t("retired", { name })}
        />
      ) : null}
      {may.has("own") ? <HandOver connectorId={connectorId} name={name} /> : null}
    </>
  );
}

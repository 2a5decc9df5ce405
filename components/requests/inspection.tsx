"use client";
import { useTranslations } from "use-intl";
import { CredentialForm } from "#components/requests/credential-form.tsx";
import { FindingList } from "#components/requests/finding-list.tsx";
import { IdentityFacts } from "#components/requests/identity-facts.tsx";
import { PackageWait } from "#components/requests/package-wait.tsx";
import { FailureNotice } from "#components/shell/failure-notice.tsx";
import { Button } from "#components/ui/button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { useNow } from "#components/ui/now.ts";
import { type Stage, Stages } from "#components/ui/stages.tsx";
import type { ApiError } from "#lib/client/call.ts";
import type { Probe } from "#lib/contract/probes.ts";

type InspectionProps = {
  probe: Probe | undefined;
  error: ApiError | null;
  /** Left out where the inspection is only looked at. */
  onAgain?: () => void;
  /** The server asked for a credential and got one. */
  onSealed?: (credentialId: string) => void;
};

const usualSeconds = 30;

/** How far the inspection is and what it found; who the server is; what to do where it stopped. */
export function Inspection({ probe, error, onAgain, onSealed }: InspectionProps) {
  const t = useTranslations("requests.form.probe");
  const again = useTranslations("requests.form.what")("again");
  const againButton = onAgain ? <Button onClick={onAgain}>{again}</Button> : undefined;
  if (error && probe === undefined)
    return <FailureNotice error={error} {...(onAgain ? { onRetry: onAgain, retryLabel: again } : {})} />;
  if (probe === undefined) return <Waiting probe={null} />;
  const { result } = probe;
  if (result === null) return <Waiting probe={probe} />;
  switch (result.outcome) {
    case "ok": {
      const ofServer = result.findings.filter(({ where }) => where.kind === "server");
      return (
        <div className="flex flex-col gap-4">
          <Notice tone="green" title={t("ok", counts(result.tools))} action={againButton} />
          <IdentityFacts identity={result.identity} />
          {ofServer.length > 0 ? <FindingList findings={ofServer} withPlace={false} /> : null}
        </div>
      );
    }
    case "inspected":
      return <PackageWait probe={probe} facts={result.package} findings={result.findings} />;
    case "needs_credential":
      return (
        <div className="flex flex-col gap-3">
          <Notice tone="amber" title={t("needsCredential")}>
            <p>{result.message}</p>
            <p>{t("needsCredentialBody")}</p>
            {result.scheme ? <p>{t("scheme", { scheme: result.scheme })}</p> : null}
          </Notice>
          {probe.target.kind === "url" && onSealed ? (
            <CredentialForm url={probe.target.url} onSealed={onSealed} />
          ) : null}
        </div>
      );
    case "failed": {
      const refusedHost = result.code === "egress_refused" ? hostOf(probe.target) : null;
      return (
        <Notice
          tone="red"
          urgent
          title={refusedHost === null ? t("failed") : t("refusedTitle", { host: refusedHost })}
          action={againButton}
        >
          <p>{refusedHost === null ? result.message : t("refused")}</p>
          <p>{t("failedKept")}</p>
        </Notice>
      );
    }
  }
}

function hostOf(target: Probe["target"]): string | null {
  return target.kind === "url" && URL.canParse(target.url) ? new URL(target.url).host : null;
}

function Waiting({ probe }: { probe: Probe | null }) {
  const t = useTranslations("requests.form.probe");
  useNow();
  const isRunning = probe?.state === "running";
  const looking = probe?.target.kind === "package" ? t("runningPackage") : t("running");
  const seconds = probe === null ? 0 : Math.max(0, Math.round((Date.now() - Date.parse(probe.createdAt)) / 1000));
  const stages: Stage[] = [
    { id: "queued", label: t("queued"), state: isRunning ? "done" : "current" },
    {
      id: "running",
      label: looking,
      state: isRunning ? "current" : "waiting",
      detail: isRunning ? t("seconds", { seconds, usual: usualSeconds }) : undefined,
    },
    { id: "done", label: t("done"), state: "waiting" },
  ];
  return (
    <div role="status">
      <Stages label={t("stages")} stages={stages} across />
    </div>
  );
}

function counts(found: readonly { kind: string }[]) {
  const of = (...kinds: string[]) => found.filter(({ kind }) => kinds.includes(kind)).length;
  return { tools: of("tool"), resources: of("resource", "resource_template"), prompts: of("prompt") };
}

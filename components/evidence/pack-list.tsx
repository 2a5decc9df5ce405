"use client";
import Download from "lucide-react/icons/download";
import { useFormatter, useTranslations } from "use-intl";
import { buttonClass } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { ErrorState } from "#components/ui/error-state.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { Section } from "#components/ui/section.tsx";
import { ShortId } from "#components/ui/short-id.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { Stages } from "#components/ui/stages.tsx";
import { StateChip } from "#components/ui/state-chip.tsx";
import { UntrustedText } from "#components/ui/untrusted-text.tsx";
import { useQueryFor } from "#lib/client/queries.ts";
import type { EvidencePack } from "#lib/contract/evidence.ts";

const pollMs = 1_500;
/** The newest packs; older ones stay reachable over the API. */
const packsShown = { limit: 100 };
const tones = { queued: "neutral", running: "blue", ready: "green", failed: "red" } as const;

/** The packs, newest first; one that is being made shows how far it is. */
export function PackList() {
  const t = useTranslations("evidence.packs");
  const list = useQueryFor("evidence.list", packsShown);
  const isMaking = list.data?.items.some(({ state }) => state === "queued" || state === "running") === true;
  // A second reader of the same answer, which asks again while a pack is being made.
  useQueryFor("evidence.list", packsShown, { enabled: isMaking, refetchInterval: isMaking && pollMs });
  return (
    <Section title={t("title")} flush>
      {list.isError ? (
        <ErrorState onRetry={() => void list.refetch()} retrying={list.isFetching} body={list.error.message} />
      ) : list.isPending ? (
        <div className="flex flex-col gap-3 p-4">
          <Skeleton className="h-10 w-full" />
          <Skeleton className="h-10 w-full" />
          <Skeleton className="h-10 w-full" />
        </div>
      ) : list.data.items.length === 0 ? (
        <EmptyState title={t("emptyTitle")} body={t("emptyBody")} />
      ) : (
        <ul className="flex flex-col divide-y">
          {list.data.items.map((pack) => (
            <li key={pack.id}>
              <Pack pack={pack} />
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function Pack({ pack }: { pack: EvidencePack }) {
  const t = useTranslations("evidence.packs");
  const format = useFormatter();
  const day = (at: string) => format.dateTime(new Date(at), { dateStyle: "medium" });
  return (
    <article className="flex flex-col gap-2 px-4 py-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-64">
          <h3 className="flex flex-wrap items-center gap-x-2 font-medium text-ink text-sm">
            {t("range", { from: day(pack.from), to: day(pack.to) })}
            <StateChip plain tone={tones[pack.state]}>
              {t(`states.${pack.state}`)}
            </StateChip>
          </h3>
          <p className="flex flex-wrap items-center gap-x-2 text-muted text-sm">
            <UntrustedText text={pack.requestedBy.name} inline className="max-w-60" />
            <RelativeTime value={pack.createdAt} />
            {pack.bytes === null ? null : <span>{sizeOf(pack.bytes, format)}</span>}
          </p>
          {pack.sha256 === null ? null : (
            <p className="flex flex-wrap items-center gap-x-2 text-faint text-sm">
              {t("sha256")} <ShortId value={pack.sha256} name={t("sha256")} head={16} tail={8} />
            </p>
          )}
        </div>
        {pack.download === null ? null : (
          <a href={pack.download} download className={buttonClass("secondary")}>
            <Download size={14} aria-hidden />
            {t("download")}
          </a>
        )}
      </div>
      {pack.state === "queued" ? <p className="text-muted text-sm">{t("queued")}</p> : null}
      {pack.state === "running" ? <PackProgress pack={pack} /> : null}
      {pack.state === "failed" ? (
        <Notice tone="red" title={t("failed")}>
          {pack.error === null ? null : <UntrustedText text={pack.error} />}
          {t("failedBody")}
        </Notice>
      ) : null}
    </article>
  );
}

const stages = ["sequence", "tables", "entries", "build", "verify"] as const;

function PackProgress({ pack }: { pack: EvidencePack }) {
  const t = useTranslations("evidence.packs");
  const last = pack.progress.at(-1);
  return (
    <Stages
      label={t("stagesLabel")}
      across
      stages={stages.map((id) => {
        const step = pack.progress.find(({ stage }) => stage === id);
        const state = step === undefined ? "waiting" : step === last ? "current" : "done";
        return { id, label: t(`stages.${id}`), state, detail: step === undefined ? undefined : count(step) };
      })}
    />
  );

  function count({ done, total }: EvidencePack["progress"][number]): string {
    return total === null ? t("count", { done }) : t("countOf", { done, total });
  }
}

function sizeOf(bytes: number, format: ReturnType<typeof useFormatter>): string {
  const [unit, size] = bytes >= 1_048_576 ? (["megabyte", 1_048_576] as const) : (["kilobyte", 1_024] as const);
  return format.number(bytes / size, { style: "unit", unit, maximumFractionDigits: 1 });
}

"use client";
import Check from "lucide-react/icons/check";
import type { Route } from "next";
import { useRouter } from "next/navigation";
import { type ReactNode, useRef } from "react";
import { useTranslations } from "use-intl";
import type { FormKind } from "#components/requests/draft-form.ts";
import type { DraftPreview } from "#components/requests/draft-preview.ts";
import type { Draft } from "#components/requests/draft-state.ts";
import { PreviewPanel } from "#components/requests/preview-panel.tsx";
import { Discard } from "#components/requests/request-acts.tsx";
import { FailureNotice } from "#components/shell/failure-notice.tsx";
import { Button } from "#components/ui/button.tsx";
import { focusFirstProblem } from "#components/ui/focus-first-problem.ts";
import { Notice } from "#components/ui/notice.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Section } from "#components/ui/section.tsx";
import { Spinner } from "#components/ui/spinner.tsx";
import { SplitPage } from "#components/ui/split-page.tsx";
import { toast } from "#components/ui/toast.tsx";
import { useMutationFor } from "#lib/client/queries.ts";

type DraftFrameProps<Kind extends FormKind> = {
  kind: Kind;
  draft: Draft<Kind>;
  preview: DraftPreview;
  /** It was submitted before and goes back with changes. */
  isAgain: boolean;
  children: ReactNode;
};

/** The page around a form: its saved state above, what happens next beside it, submitting at the end. */
export function DraftFrame<Kind extends FormKind>({ kind, draft, preview, isAgain, children }: DraftFrameProps<Kind>) {
  const t = useTranslations("requests.form");
  const name: FormKind = kind;
  const router = useRouter();
  const submit = useMutationFor("requests.submit");
  const form = useRef<HTMLDivElement>(null);
  const isIncomplete = submit.error?.code === "invalid_input" || submit.error?.code === "nobody_eligible";
  async function send() {
    preview.showAll();
    const saved = await draft.save();
    if (saved === null) return;
    try {
      await submit.mutateAsync({ requestId: saved.id, rowVersion: saved.rowVersion });
    } catch {
      // What is wrong is marked at its field by then.
      requestAnimationFrame(() => focusFirstProblem(form.current));
      return;
    }
    toast({ title: t("submit.submitted") });
    router.push(`/requests/${saved.id}` as Route);
  }
  return (
    <>
      <PageHeader
        title={isAgain ? t("editTitle") : t(`title.${name}`)}
        description={t(`lead.${name}`)}
        actions={
          <>
            <SaveState status={draft.status} />
            {draft.id !== null && !isAgain ? <Discard requestId={draft.id} /> : null}
          </>
        }
      />
      <SplitPage asideLabel={t("next.title")} aside={<PreviewPanel state={preview} />}>
        {draft.failure === null ? null : draft.failure.code === "conflict" ? (
          <Notice
            tone="amber"
            urgent
            title={t("save.conflictTitle")}
            action={<Button onClick={draft.drop}>{t("save.load")}</Button>}
          >
            {t("save.conflict")}
          </Notice>
        ) : (
          <FailureNotice error={draft.failure} onRetry={draft.retry} retryLabel={t("save.retry")} />
        )}
        <div ref={form} className="contents">
          {children}
        </div>
        <Section title={t("submit.title")} description={t("submit.description")}>
          <div className="flex flex-col gap-3">
            {submit.error && !isIncomplete ? <FailureNotice error={submit.error} /> : null}
            {isIncomplete && preview.problems.length > 0 ? (
              <Notice tone="red" urgent title={t("submit.incomplete")}>
                <ul className="list-disc pl-4">
                  {preview.problems.map(({ path, message }) => (
                    <li key={`${path} ${message}`}>{message}</li>
                  ))}
                </ul>
              </Notice>
            ) : null}
            <div className="flex flex-wrap items-center gap-3">
              <Button
                variant="primary"
                loading={submit.isPending || draft.status === "saving"}
                disabled={draft.status === "idle"}
                onClick={() => void send()}
              >
                {isAgain ? t("submit.again") : t("submit.submit")}
              </Button>
              {preview.preview ? (
                <span
                  role="status"
                  className={preview.problems.length === 0 ? "text-green text-sm" : "text-muted text-sm"}
                >
                  {preview.problems.length === 0
                    ? t("submit.ready")
                    : t("submit.problems", { count: preview.problems.length })}
                </span>
              ) : null}
            </div>
          </div>
        </Section>
      </SplitPage>
    </>
  );
}

function SaveState({ status }: { status: Draft<FormKind>["status"] }) {
  const t = useTranslations("requests.form.save");
  return (
    <span
      role="status"
      className={`inline-flex items-center gap-1.5 text-sm ${status === "failed" ? "text-red" : "text-faint"}`}
    >
      {status === "saving" ? <Spinner /> : null}
      {status === "saved" ? <Check size={14} aria-hidden /> : null}
      {status === "idle" ? null : t(status)}
    </span>
  );
}

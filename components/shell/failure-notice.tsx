"use client";
import type { Route } from "next";
import { usePathname, useSearchParams } from "next/navigation";
import { useTranslations } from "use-intl";
import { Button, ButtonLink } from "#components/ui/button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import type { ApiError } from "#lib/client/call.ts";

type FailureNoticeProps = { error: ApiError; onRetry?: () => void; retryLabel?: string };

/** A write that failed: what happened, that it was kept, what to do. Leads to signing in again where that is what it takes. */
export function FailureNotice(props: FailureNoticeProps) {
  return (
    // It may appear below the fold of a panel that scrolls, whose button stays at the bottom.
    <div ref={intoView} className="scroll-mt-16 scroll-mb-20">
      <Failure {...props} />
    </div>
  );
}

function intoView(node: HTMLElement | null): void {
  node?.scrollIntoView({ block: "nearest" });
}

function Failure({ error, onRetry, retryLabel }: FailureNoticeProps) {
  const t = useTranslations("requests.failure");
  const pathname = usePathname();
  const search = useSearchParams().toString();
  if (error.code === "interactive_sign_in_required" || error.code === "not_signed_in") {
    const next = encodeURIComponent(search === "" ? pathname : `${pathname}?${search}`);
    return (
      <Notice
        tone="amber"
        urgent
        title={t("signInTitle")}
        action={<ButtonLink href={`/sign-in?again=1&next=${next}` as Route}>{t("signIn")}</ButtonLink>}
      >
        {error.code === "not_signed_in" ? t("signInExpired") : t("signInFresh")}
      </Notice>
    );
  }
  const issues = error.problem?.issues ?? [];
  return (
    <Notice
      tone="red"
      urgent
      title={error.problem?.title}
      action={onRetry ? <Button onClick={onRetry}>{retryLabel}</Button> : undefined}
    >
      {error.code === "network"
        ? t("network")
        : error.code === "too_many_requests"
          ? (error.problem?.detail ?? t("tooMany"))
          : error.problem?.detail}
      {issues.length > 0 ? (
        <ul className="mt-1 list-disc pl-4">
          {issues.map((issue) => (
            <li key={`${issue.path} ${issue.message}`}>{issue.message}</li>
          ))}
        </ul>
      ) : null}
    </Notice>
  );
}

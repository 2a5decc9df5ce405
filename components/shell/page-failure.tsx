"use client";
import { useTranslations } from "use-intl";
import { ButtonLink } from "#components/ui/button.tsx";
import { ErrorState } from "#components/ui/error-state.tsx";

/** A page that failed: what happened, what was kept, how to go on. The digest finds the entry in the server's log. */
export function PageFailure({ error, retry }: { error: unknown; retry: () => void }) {
  const t = useTranslations("errors");
  const digest = error instanceof Error && "digest" in error ? String(error.digest) : undefined;
  return (
    <ErrorState
      title={t("pageTitle")}
      body={
        <>
          {t("pageBody")}
          {digest ? <span className="mt-2 block font-mono text-faint">{t("reference", { digest })}</span> : null}
        </>
      }
      onRetry={retry}
      action={<ButtonLink href="/">{t("home")}</ButtonLink>}
    />
  );
}

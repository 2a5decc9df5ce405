"use client";
import type { Route } from "next";
import Link from "next/link";
import { usePathname, useSearchParams } from "next/navigation";
import { useTranslations } from "use-intl";
import type { ApiError } from "#lib/client/call.ts";

/** Why an act was refused and how to go on; a sign-in that is too old leads to a new one and back to this very place. */
export function ActError({ error }: { error: ApiError | null }) {
  const t = useTranslations("inventory.act");
  const path = usePathname();
  const search = useSearchParams().toString();
  if (error === null) return null;
  if (error.code !== "interactive_sign_in_required") {
    return (
      <>
        {error.message} {t("failedKept")}
      </>
    );
  }
  const next = encodeURIComponent(search === "" ? path : `${path}?${search}`);
  return (
    <>
      {t("signInWhy")}{" "}
      <Link
        href={`/sign-in?again=1&next=${next}` as Route}
        className="rounded-sm font-medium text-accent-ink underline underline-offset-2"
      >
        {t("signInAgain")}
      </Link>
    </>
  );
}

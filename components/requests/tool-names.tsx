"use client";
import { Fragment } from "react";
import { useTranslations } from "use-intl";
import { UntrustedText } from "#components/ui/untrusted-text.tsx";

const shownMax = 8;

/** Names of tools in one sentence, the first few of many. */
export function ToolNames({ names }: { names: readonly string[] }) {
  const t = useTranslations("requests.review.together");
  return (
    <>
      {names.slice(0, shownMax).map((name, index) => (
        <Fragment key={name}>
          {index > 0 ? ", " : null}
          <UntrustedText text={name} inline mono className="inline-block! max-w-full align-bottom text-ink" />
        </Fragment>
      ))}
      {names.length > shownMax ? ` ${t("more", { count: names.length - shownMax })}` : null}
    </>
  );
}

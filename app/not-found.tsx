import { ButtonLink } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { translator } from "#lib/messages/locale.ts";

/** Nothing at this address, or nothing this person may see: one answer for both. */
export default function NotFound() {
  const t = translator("errors");
  return (
    <main id="content" className="mx-auto max-w-3xl py-16">
      <h1 className="sr-only">{t("notFoundTitle")}</h1>
      <EmptyState
        title={t("notFoundTitle")}
        body={t("notFoundBody")}
        action={
          <ButtonLink href="/" variant="primary">
            {t("home")}
          </ButtonLink>
        }
      />
    </main>
  );
}

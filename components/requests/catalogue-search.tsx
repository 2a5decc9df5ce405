"use client";
import type { Route } from "next";
import Link from "next/link";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { SearchField } from "#components/ui/search-field.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { Tag } from "#components/ui/tag.tsx";
import { useQueryFor } from "#lib/client/queries.ts";

/** Whether there is one already: the catalogue as you type, with a grant as the shorter way. */
export function CatalogueSearch() {
  const t = useTranslations("requests.form.what");
  const [q, setQ] = useState("");
  const found = useQueryFor("connectors.list", { q, limit: 5 }, { enabled: q.trim() !== "" });
  return (
    <div className="flex flex-col gap-2">
      <SearchField label={t("search")} placeholder={t("searchHint")} value={q} onChange={setQ} />
      {q.trim() === "" ? null : found.isPending ? (
        <Skeleton className="h-9 w-full" />
      ) : (
        <>
          <p role="status" className="text-faint text-sm">
            {t("found", { count: found.data?.items.length ?? 0 })}
          </p>
          {found.data && found.data.items.length > 0 ? (
            <ul className="flex flex-col divide-y rounded-md border">
              {found.data.items.map((connector) => (
                <li key={connector.id} className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3 py-2 text-sm">
                  <span className="flex min-w-0 flex-1 basis-48 flex-col">
                    <Link
                      href={`/connectors/${connector.id}` as Route}
                      className="isolated font-medium text-ink hover:underline"
                    >
                      {connector.name}
                    </Link>
                    <span className="isolated line-clamp-2 text-faint">{connector.purpose}</span>
                  </span>
                  <Tag>{connector.environment}</Tag>
                  <Link
                    href={`/requests/new?kind=grant&connectorId=${connector.id}` as Route}
                    className="font-medium text-accent-ink hover:underline"
                  >
                    {t("grantInstead")}
                  </Link>
                </li>
              ))}
            </ul>
          ) : null}
        </>
      )}
    </div>
  );
}

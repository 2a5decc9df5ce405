"use client";
import { useTranslations } from "use-intl";
import { FindingList } from "#components/requests/finding-list.tsx";
import type { Effect } from "#components/requests/request-words.ts";
import { type Json, JsonView } from "#components/ui/json-view.tsx";
import { UntrustedText } from "#components/ui/untrusted-text.tsx";
import type { Finding, InspectedTool } from "#lib/contract/probes.ts";

/** What a server offers, as inspected; `inferredEffect` where review has raised the effect since. */
export type AnyTool = Omit<InspectedTool, "labels"> & { inferredEffect?: Effect };

/** Everything about one tool: description, why its effect, findings, its definition exactly as served. */
export function ToolDetails({ tool, findings }: { tool: AnyTool; findings: readonly Finding[] }) {
  const t = useTranslations("requests");
  const description = tool.definition.description;
  return (
    <div className="flex min-w-0 flex-col gap-3 text-sm">
      <div className="prose-width text-ink">
        {typeof description === "string" && description !== "" ? (
          <UntrustedText text={description} collapseAfter={500} />
        ) : (
          <span className="text-faint">{t("review.tools.noDescription")}</span>
        )}
      </div>
      {findings.length > 0 ? <FindingList findings={findings} withPlace={false} /> : null}
      {tool.why.length > 0 ? (
        <div>
          <p className="text-faint">
            {t("review.tools.whyEffect")}
            {tool.inferredEffect !== undefined && tool.inferredEffect !== tool.effect
              ? ` (${t("review.tools.raised", { effect: t(`effect.${tool.inferredEffect}`) })})`
              : null}
          </p>
          <ul className="list-disc pl-4 text-muted">
            {tool.why.map((why) => (
              <li key={why}>
                <UntrustedText text={why} />
              </li>
            ))}
          </ul>
        </div>
      ) : null}
      <JsonView value={tool.definition as Json} label={t("review.tools.definition")} openDepth={3} />
    </div>
  );
}

/** The findings that concern one tool. */
export function findingsOf(tool: Pick<AnyTool, "kind" | "name">, findings: readonly Finding[]): Finding[] {
  return findings.filter(({ where }) => where.kind === tool.kind && where.name === tool.name);
}

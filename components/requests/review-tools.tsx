"use client";
import { useTranslations } from "use-intl";
import type { DecisionInTheMaking } from "#components/requests/decision-state.ts";
import { approvalsOf, leftOutBy } from "#components/requests/review-terms.ts";
import { ToolList } from "#components/requests/tool-list.tsx";
import { Section } from "#components/ui/section.tsx";
import type { RequestDetail } from "#lib/contract/requests.ts";

/** The version's tools; who decides takes some out with the checkboxes. */
export function ReviewTools({
  request,
  version,
  making,
}: {
  request: RequestDetail;
  version: NonNullable<RequestDetail["version"]>;
  making: DecisionInTheMaking;
}) {
  const t = useTranslations("requests.review.tools");
  const asked = new Set(making.asked);
  const chosen = new Set(making.chosen);
  const held = new Set(making.decision.hold);
  const canChoose = making.stage !== null && request.state !== "draft";
  const approvals = approvalsOf(request);
  const saidBefore = (name: string) =>
    approvals.flatMap((review) => {
      const who = review.reviewer.name;
      if (leftOutBy(review, making.asked).includes(name)) return [t("leftOutBy", { who })];
      return review.conditions.holdTools.includes(name) ? [t("heldBy", { who })] : [];
    });
  function include(name: string, isIncluded: boolean) {
    const others = making.decision.excluded.filter((other) => other !== name);
    making.change({
      excluded: isIncluded ? others : [...others, name],
      hold: isIncluded ? making.decision.hold : making.decision.hold.filter((other) => other !== name),
    });
  }
  return (
    <Section title={t("title")} aside={t("requested", { chosen: asked.size, total: version.tools.length })} flush>
      <ToolList
        tools={version.tools}
        findings={version.findings}
        included={chosen}
        onInclude={canChoose ? include : undefined}
        choosable={(name) => asked.has(name)}
        note={(name) => {
          if (!asked.has(name)) return <span className="max-sm:hidden">{t("notAsked")}</span>;
          const before = saidBefore(name);
          const mine = !chosen.has(name) ? t("notIncluded") : held.has(name) ? t("held") : null;
          if (before.length === 0 && mine === null) return null;
          return (
            <span className="block max-sm:pb-1.5">
              {before.length > 0 ? <span className="text-amber">{before.join("; ")}</span> : null}
              {before.length > 0 && mine !== null ? "; " : null}
              {mine}
            </span>
          );
        }}
      />
    </Section>
  );
}

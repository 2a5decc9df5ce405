"use client";
import { useTranslations } from "use-intl";
import type { z } from "zod";
import { EffectMark } from "#components/requests/effect-mark.tsx";
import { Facts } from "#components/ui/facts.tsx";
import { Section } from "#components/ui/section.tsx";
import { Tag } from "#components/ui/tag.tsx";
import { UntrustedText } from "#components/ui/untrusted-text.tsx";
import type { ConstraintRule, Scope } from "#lib/contract/grants.ts";

/** A scope part by part: tools, actions, argument limits, rate. */
export function GrantScope({ scope }: { scope: Scope }) {
  const t = useTranslations("access.grant");
  return (
    <Section title={t("field.scope")}>
      <Facts
        facts={[
          { id: "tools", term: t("tools"), value: <ScopeTools tools={scope.tools} /> },
          { id: "actions", term: t("actions"), value: scope.actions.map((action) => t(`action.${action}`)).join(", ") },
          { id: "constraints", term: t("constraints"), value: <Constraints constraints={scope.constraints} /> },
          {
            id: "rate",
            term: t("rate"),
            value:
              scope.rate === null
                ? t("rateNone")
                : t("rateValue", { calls: scope.rate.calls, seconds: scope.rate.perSeconds }),
          },
        ]}
      />
    </Section>
  );
}

function ScopeTools({ tools }: { tools: Scope["tools"] }) {
  const t = useTranslations("access.grant");
  if ("effects" in tools) {
    return (
      <div className="flex flex-wrap gap-x-4 gap-y-1">
        <span className="text-muted">{t("toolsByEffect")}:</span>
        {tools.effects.map((effect) => (
          <EffectMark key={effect} effect={effect} />
        ))}
      </div>
    );
  }
  return (
    <div className="flex flex-col gap-1.5">
      <span className="text-muted">{t("toolsByName", { count: tools.names.length })}</span>
      <span className="flex flex-wrap gap-1">
        {tools.names.map((name) => (
          <Tag key={name} mono>
            <UntrustedText inline text={name} />
          </Tag>
        ))}
      </span>
    </div>
  );
}

function Constraints({ constraints }: { constraints: Scope["constraints"] }) {
  const t = useTranslations("access.grant");
  const ruleText = useRuleText();
  if (constraints.length === 0) return t("constraintsNone");
  return (
    <ul className="flex flex-col divide-y rounded-md border">
      {constraints.map((constraint) => (
        <li key={JSON.stringify(constraint)} className="flex min-w-0 flex-wrap gap-x-2 px-2.5 py-1.5">
          <UntrustedText inline mono text={constraint.tool ?? t("everyTool")} className="text-muted" />
          <UntrustedText inline mono text={constraint.pointer === "" ? "/" : constraint.pointer} />
          <UntrustedText text={ruleText(constraint.rule)} />
        </li>
      ))}
    </ul>
  );
}

function useRuleText(): (rule: z.infer<typeof ConstraintRule>) => string {
  const t = useTranslations("access.grant.rule");
  return (rule) => {
    switch (rule.op) {
      case "equals":
        return t("equals", { value: JSON.stringify(rule.value) });
      case "one_of":
        return t("one_of", { value: rule.values.map((value) => JSON.stringify(value)).join(", ") });
      case "prefix":
        return t("prefix", { value: JSON.stringify(rule.value) });
      case "range":
        if (rule.min === undefined) return t("max", { max: String(rule.max) });
        return rule.max === undefined
          ? t("min", { min: String(rule.min) })
          : t("between", { min: String(rule.min), max: String(rule.max) });
    }
  };
}

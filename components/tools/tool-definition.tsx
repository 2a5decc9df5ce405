"use client";
import { useTranslations } from "use-intl";
import { type Json, JsonView } from "#components/ui/json-view.tsx";
import { Section } from "#components/ui/section.tsx";

/** The approved definition as the server gave it: arguments, result, its own claims, and the whole. */
export function ToolDefinition({ definition }: { definition: Record<string, unknown> | null }) {
  const t = useTranslations("inventory.tool");
  if (definition === null) {
    return (
      <Section title={t("schema")}>
        <p className="text-faint text-sm">{t("noDefinition")}</p>
      </Section>
    );
  }
  const parts = [
    { id: "inputSchema", label: t("schema"), openDepth: 3 },
    { id: "outputSchema", label: t("output"), openDepth: 2 },
    { id: "annotations", label: t("annotations"), openDepth: 2 },
  ].filter(({ id }) => definition[id] !== undefined);
  return (
    <div className="flex min-w-0 flex-col gap-4">
      {parts.map(({ id, label, openDepth }) => (
        <JsonView key={id} label={label} value={definition[id] as Json} openDepth={openDepth} />
      ))}
      <JsonView label={t("whole")} value={definition as Json} openDepth={0} />
    </div>
  );
}

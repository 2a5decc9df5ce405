"use client";
import { useTranslations } from "use-intl";
import type { AnyTool } from "#components/requests/tool-details.tsx";
import { ToolList } from "#components/requests/tool-list.tsx";
import { Button } from "#components/ui/button.tsx";
import { FieldGroup } from "#components/ui/field.tsx";
import type { Finding } from "#lib/contract/probes.ts";

type ToolPickerProps = {
  tools: readonly AnyTool[];
  findings: readonly Finding[];
  value: readonly string[];
  onChange: (names: string[]) => void;
  error: string | undefined;
};

/** Which tools are asked for; all that only read with one press. */
export function ToolPicker({ tools, findings, value, onChange, error }: ToolPickerProps) {
  const t = useTranslations("requests.form.purpose");
  const chosen = new Set(value);
  return (
    <FieldGroup label={t("tools")} error={error}>
      <div className="overflow-hidden rounded-md border">
        <ToolList
          tools={tools}
          findings={findings}
          included={chosen}
          onInclude={(name, isIncluded) =>
            onChange(isIncluded ? [...value, name] : value.filter((other) => other !== name))
          }
          toolbar={
            <>
              <Button
                variant="ghost"
                onClick={() =>
                  onChange([
                    ...new Set([...value, ...tools.filter(({ effect }) => effect === "read").map(({ name }) => name)]),
                  ])
                }
              >
                {t("selectRead")}
              </Button>
              {value.length > 0 ? (
                <Button variant="ghost" onClick={() => onChange([])}>
                  {t("selectNone")}
                </Button>
              ) : null}
              <span role="status" className="ml-auto text-faint text-sm">
                {t("chosen", { chosen: value.length, total: tools.length })}
              </span>
            </>
          }
        />
      </div>
    </FieldGroup>
  );
}

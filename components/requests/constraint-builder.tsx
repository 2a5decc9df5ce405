"use client";
import Plus from "lucide-react/icons/plus";
import Trash2 from "lucide-react/icons/trash-2";
import { useTranslations } from "use-intl";
import type { z } from "zod";
import { Button } from "#components/ui/button.tsx";
import { Field, FieldGroup } from "#components/ui/field.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { Input } from "#components/ui/input.tsx";
import { Select } from "#components/ui/select.tsx";
import { Textarea } from "#components/ui/textarea.tsx";
import type { Constraint as ConstraintSchema } from "#lib/contract/grants.ts";

export type Constraint = z.infer<typeof ConstraintSchema>;

const ops = ["equals", "one_of", "prefix", "range"] as const;
const anyTool = "";

type ConstraintBuilderProps = {
  value: readonly Constraint[];
  onChange: (value: Constraint[]) => void;
  tools: readonly string[];
  /** The problem with one of them, by its place. */
  problem: (index: number) => string | undefined;
};

/** Limits on arguments: for which tool, which argument (JSON Pointer), which rule. */
export function ConstraintBuilder({ value, onChange, tools, problem }: ConstraintBuilderProps) {
  const t = useTranslations("requests.form.purpose");
  const set = (index: number, next: Constraint) => onChange(value.map((old, at) => (at === index ? next : old)));
  return (
    <FieldGroup label={t("constraints")} hint={t("constraintsHint")}>
      {value.length > 0 ? (
        <ul className="flex flex-col gap-2">
          {value.map((constraint, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: limits have no identity but their place
            <li key={index} className="flex flex-col gap-1 rounded-md border p-3">
              <div className="grid gap-3 sm:grid-cols-[1fr_1fr_9rem_1fr_2rem]">
                <Field label={t("constraintTool")}>
                  <Select
                    value={constraint.tool ?? anyTool}
                    onChange={(tool) => {
                      const { tool: _, ...rest } = constraint;
                      set(index, tool === anyTool ? rest : { ...rest, tool });
                    }}
                    options={[
                      { value: anyTool, label: t("anyTool") },
                      ...tools.map((name) => ({ value: name, label: name })),
                    ]}
                  />
                </Field>
                <Field label={t("pointer")} hint={t("pointerHint")}>
                  <Input
                    mono
                    spellCheck={false}
                    value={constraint.pointer}
                    onChange={(event) => set(index, { ...constraint, pointer: event.currentTarget.value })}
                  />
                </Field>
                <Field label={t("rule")}>
                  <Select
                    value={constraint.rule.op}
                    onChange={(op) => set(index, { ...constraint, rule: emptyRule(op) })}
                    options={ops.map((op) => ({ value: op, label: t(`op.${op}`) }))}
                  />
                </Field>
                <RuleValue rule={constraint.rule} onChange={(rule) => set(index, { ...constraint, rule })} />
                <IconButton
                  className="sm:mt-6"
                  label={t("remove", { number: index + 1 })}
                  icon={<Trash2 size={15} aria-hidden />}
                  onClick={() => onChange(value.filter((_, at) => at !== index))}
                />
              </div>
              {problem(index) ? (
                <p role="alert" className="text-red text-sm">
                  {problem(index)}
                </p>
              ) : null}
            </li>
          ))}
        </ul>
      ) : null}
      <Button
        variant="ghost"
        className="self-start"
        icon={<Plus size={14} aria-hidden />}
        onClick={() => onChange([...value, { pointer: "/", rule: emptyRule("equals") }])}
      >
        {t("addConstraint")}
      </Button>
    </FieldGroup>
  );
}

function RuleValue({ rule, onChange }: { rule: Constraint["rule"]; onChange: (rule: Constraint["rule"]) => void }) {
  const t = useTranslations("requests.form.purpose");
  switch (rule.op) {
    case "one_of":
      return (
        <Field label={t("value")} hint={t("valuesHint")}>
          <Textarea
            mono
            rows={2}
            value={rule.values.map(String).join("\n")}
            onChange={(event) =>
              onChange({ op: "one_of", values: event.currentTarget.value.split("\n").map(scalarOf) })
            }
          />
        </Field>
      );
    case "range":
      return (
        <div className="grid grid-cols-2 gap-2">
          {(["min", "max"] as const).map((end) => (
            <Field key={end} label={t(end)}>
              <Input
                type="number"
                value={rule[end] ?? ""}
                onChange={(event) => {
                  const { [end]: _, ...rest } = rule;
                  const text = event.currentTarget.value;
                  onChange(text === "" ? rest : { ...rest, [end]: Number(text) });
                }}
              />
            </Field>
          ))}
        </div>
      );
    default:
      return (
        <Field label={t("value")}>
          <Input
            mono
            value={rule.value === null ? "null" : String(rule.value)}
            onChange={(event) => {
              const text = event.currentTarget.value;
              onChange(rule.op === "prefix" ? { op: "prefix", value: text } : { op: "equals", value: scalarOf(text) });
            }}
          />
        </Field>
      );
  }
}

function emptyRule(op: (typeof ops)[number]): Constraint["rule"] {
  if (op === "one_of") return { op, values: [""] };
  if (op === "range") return { op };
  return { op, value: "" };
}

/** Numbers, true, false and null as such, everything else as text. */
function scalarOf(text: string): string | number | boolean | null {
  if (text === "true") return true;
  if (text === "false") return false;
  if (text === "null") return null;
  const isPlainNumber = /^-?(?:0|[1-9]\d{0,14})(?:\.\d*[1-9])?$/.test(text);
  return isPlainNumber ? Number(text) : text;
}

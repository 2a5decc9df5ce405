"use client";
import { useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { urlProblem } from "#components/requests/url-problem.ts";
import { FailureNotice } from "#components/shell/failure-notice.tsx";
import { Button } from "#components/ui/button.tsx";
import { Field, FieldGroup } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { RadioGroup } from "#components/ui/radio-group.tsx";
import { Textarea } from "#components/ui/textarea.tsx";
import { UntrustedText } from "#components/ui/untrusted-text.tsx";
import { useMutationFor } from "#lib/client/queries.ts";
import { ProbeTarget } from "#lib/contract/probes.ts";

type TargetPickerProps = {
  initial: ProbeTarget | undefined;
  /** The inspection is starting. */
  pending: boolean;
  onInspect: (target: ProbeTarget) => void;
};

type Typed = { kind: "url" | "package" | "server-json"; url: string; name: string; version: string; args: string };

/** What to inspect: an address, an exact package, or one of what a server.json offers. */
export function TargetPicker({ initial, pending, onInspect }: TargetPickerProps) {
  const t = useTranslations("requests.form.what");
  const [typed, setTyped] = useState<Typed>(() => typedOf(initial));
  const [tried, setTried] = useState(false);
  const urlBox = useRef<HTMLInputElement>(null);
  const checked = ProbeTarget.safeParse(targetOf(typed));
  const problem = (name: string) =>
    tried ? checked.error?.issues.find(({ path }) => path[0] === name)?.message : undefined;
  const wrongUrl = urlProblem(typed.url);
  const set = (patch: Partial<Typed>) => setTyped({ ...typed, ...patch });

  function inspect() {
    setTried(true);
    if (typed.kind === "url" && wrongUrl !== null) return urlBox.current?.focus();
    if (checked.success) onInspect(checked.data);
  }
  const inspectButton = (
    <Button variant="primary" className="self-start" loading={pending} onClick={inspect}>
      {t("inspect")}
    </Button>
  );
  return (
    <FieldGroup label={t("kind")}>
      <RadioGroup
        label={t("kind")}
        value={typed.kind}
        onChange={(kind) => set({ kind })}
        options={[
          {
            value: "url",
            label: t("url"),
            detail: t("urlDetail"),
            body: (
              <div className="flex flex-col gap-3">
                <Field
                  label={t("urlLabel")}
                  hint={typed.url.trim().toLowerCase().startsWith("http://") ? t("urlPlain") : t("urlHint")}
                  error={tried && wrongUrl !== null ? t(`urlProblem.${wrongUrl}`) : problem("url")}
                >
                  <Input
                    ref={urlBox}
                    mono
                    type="url"
                    inputMode="url"
                    autoComplete="off"
                    spellCheck={false}
                    value={typed.url}
                    onChange={(event) => set({ url: event.currentTarget.value })}
                    onKeyDown={(event) => {
                      if (event.key === "Enter") inspect();
                    }}
                  />
                </Field>
                {inspectButton}
              </div>
            ),
          },
          {
            value: "package",
            label: t("package"),
            detail: t("packageDetail"),
            body: (
              <div className="flex flex-col gap-3">
                <div className="grid gap-3 sm:grid-cols-[2fr_1fr]">
                  <Field label={t("name")} error={problem("name")}>
                    <Input
                      mono
                      autoComplete="off"
                      spellCheck={false}
                      value={typed.name}
                      onChange={(event) => set({ name: event.currentTarget.value })}
                    />
                  </Field>
                  <Field label={t("version")} hint={t("versionHint")} error={problem("version")}>
                    <Input
                      mono
                      autoComplete="off"
                      value={typed.version}
                      onChange={(event) => set({ version: event.currentTarget.value })}
                    />
                  </Field>
                </div>
                <Field label={t("args")} hint={t("argsHint")} optional error={problem("args")}>
                  <Textarea
                    mono
                    rows={2}
                    spellCheck={false}
                    value={typed.args}
                    onChange={(event) => set({ args: event.currentTarget.value })}
                  />
                </Field>
                {inspectButton}
              </div>
            ),
          },
          {
            value: "server-json",
            label: t("serverJson"),
            detail: t("serverJsonDetail"),
            body: <ServerJson pending={pending} onInspect={onInspect} />,
          },
        ]}
      />
    </FieldGroup>
  );
}

function ServerJson({ pending, onInspect }: Pick<TargetPickerProps, "pending" | "onInspect">) {
  const t = useTranslations("requests.form.what");
  const [text, setText] = useState("");
  const [chosen, setChosen] = useState("0");
  const parse = useMutationFor("probes.parse-server-json");
  const found = parse.data;
  const target = found?.targets[Number(chosen)];
  return (
    <div className="flex flex-col gap-3">
      <Field label={t("paste")}>
        <Textarea
          mono
          rows={5}
          spellCheck={false}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      </Field>
      <Button
        className="self-start"
        loading={parse.isPending}
        disabled={text.trim() === ""}
        onClick={() => parse.mutate({ text })}
      >
        {t("read")}
      </Button>
      {parse.error ? <FailureNotice error={parse.error} /> : null}
      {found && found.problems.length > 0 ? (
        <Notice tone="amber">
          <ul className="list-disc pl-4">
            {found.problems.map((problem) => (
              <li key={problem}>
                <UntrustedText text={problem} />
              </li>
            ))}
          </ul>
        </Notice>
      ) : null}
      {found ? (
        <>
          <p className="text-ink text-sm">
            <UntrustedText text={[found.name, found.version].filter(Boolean).join(" ")} />
          </p>
          {found.targets.length > 0 ? (
            <RadioGroup
              label={t("readTargets")}
              value={chosen}
              onChange={setChosen}
              options={found.targets.map((option, index) => ({
                value: String(index),
                label: <TargetText target={option} />,
              }))}
            />
          ) : (
            <p className="text-muted text-sm">{t("noTargets")}</p>
          )}
        </>
      ) : null}
      {target ? (
        <Button variant="primary" className="self-start" loading={pending} onClick={() => onInspect(target)}>
          {t("inspect")}
        </Button>
      ) : null}
    </div>
  );
}

/** A target as it will be inspected, in one line. */
export function TargetText({ target }: { target: ProbeTarget }) {
  const text = target.kind === "url" ? target.url : [`${target.name}@${target.version}`, ...target.args].join(" ");
  return <UntrustedText text={text} mono />;
}

function typedOf(target: ProbeTarget | undefined): Typed {
  const empty: Typed = { kind: "url", url: "", name: "", version: "", args: "" };
  if (target === undefined) return empty;
  if (target.kind === "url") return { ...empty, url: target.url };
  return { ...empty, kind: "package", name: target.name, version: target.version, args: target.args.join("\n") };
}

function targetOf({ kind, url, name, version, args }: Typed): unknown {
  if (kind === "url") return { kind, url: url.trim() };
  return { kind, name: name.trim(), version: version.trim(), args: args.split("\n").filter((line) => line !== "") };
}

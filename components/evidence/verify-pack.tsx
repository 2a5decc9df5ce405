"use client";
import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { PackReport } from "#components/evidence/pack-report.tsx";
import type { VerifyAnswer, VerifyAsk, VerifyRefusal } from "#components/evidence/verify-worker.ts";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { FileDrop } from "#components/ui/file-drop.tsx";
import { useKept } from "#components/ui/kept-state.ts";
import { Notice } from "#components/ui/notice.tsx";
import { Progress } from "#components/ui/progress.tsx";
import { Section } from "#components/ui/section.tsx";
import { Textarea } from "#components/ui/textarea.tsx";
import type { PackVerdict } from "#lib/core/pack/verify.ts";

const packBytesMax = 512 * 1024 * 1024;

/** Verifies a pack in this browser with a key that the person brings along. Nothing is sent. */
export function VerifyPack() {
  const t = useTranslations("evidence.verify");
  const [kept, setKept] = useKept<string>("log key");
  const key = (kept ?? "").trim();
  const run = useMutation({ mutationFn: (file: File) => verifyInWorker(file, key) });
  return (
    <Section title={t("title")} description={t("lead")} id="verify">
      <div className="flex flex-col gap-4">
        <Field label={t("key")} hint={t("keyHint")}>
          <Textarea
            mono
            rows={2}
            spellCheck={false}
            autoComplete="off"
            value={kept ?? ""}
            onChange={(change) => {
              setKept(change.currentTarget.value);
              run.reset();
            }}
          />
        </Field>
        {run.isPending ? (
          <Progress label={t("running", { name: run.variables.name })} done={0} total={null} />
        ) : run.isSuccess ? (
          <>
            <PackReport name={run.variables.name} answer={run.data} />
            <div>
              <Button onClick={() => run.reset()}>{t("again")}</Button>
            </div>
          </>
        ) : (
          <>
            {run.isError ? (
              <Notice tone="red" urgent>
                {t(reasonOf(run.error), { name: run.variables.name })}
              </Notice>
            ) : null}
            <FileDrop
              label={t("drop")}
              hint={key === "" ? t("keyFirst") : t("dropHint")}
              accept={[".zip"]}
              bytesMax={packBytesMax}
              disabled={key === ""}
              onFile={(file) => run.mutate(file)}
            />
          </>
        )}
      </div>
    </Section>
  );
}

/** The worker read neither: the file is no pack, or the key no key. */
class Unreadable extends Error {
  readonly reason: VerifyRefusal;
  constructor(reason: VerifyRefusal) {
    super(reason);
    this.reason = reason;
  }
}

function reasonOf(error: Error): VerifyRefusal | "unreadable" | "stopped" {
  if (error instanceof Unreadable) return error.reason;
  return error instanceof DOMException ? "unreadable" : "stopped";
}

async function verifyInWorker(file: File, vkey: string): Promise<PackVerdict> {
  const zip = await file.arrayBuffer();
  const worker = new Worker(new URL("./verify-worker.ts", import.meta.url), { type: "module" });
  try {
    return await new Promise<PackVerdict>((resolve, reject) => {
      worker.addEventListener("message", ({ data }: MessageEvent<VerifyAnswer>) => {
        if (typeof data === "string") reject(new Unreadable(data));
        else resolve(data);
      });
      worker.addEventListener("error", () => reject(new Error("The worker failed")));
      worker.postMessage({ zip, vkey } satisfies VerifyAsk, [zip]);
    });
  } finally {
    worker.terminate();
  }
}

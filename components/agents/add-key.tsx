"use client";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { ActDialog, isReason } from "#components/shell/act-dialog.tsx";
import { useAct } from "#components/shell/confirm-act.tsx";
import { useSayDone } from "#components/shell/say-done.ts";
import { CodeBlock } from "#components/ui/code-block.tsx";
import { Field } from "#components/ui/field.tsx";
import { useKept } from "#components/ui/kept-state.ts";
import { Textarea } from "#components/ui/textarea.tsx";
import { useMutationFor } from "#lib/client/queries.ts";
import { type Agent, PublicJwk } from "#lib/contract/agents.ts";

/** Proposes a public key for an agent. Text with a private part is refused here and kept nowhere. */
export function AddKey({ agent }: { agent: Agent }) {
  const t = useTranslations("access.agent");
  const [act, setAct] = useAct();
  const [pasted, setPasted] = useKept<string>(`add-key ${agent.id} key`);
  const [isPrivate, setIsPrivate] = useState(false);
  const [reason, setReason] = useKept<string>(`add-key ${agent.id} reason`);
  const [tried, setTried] = useState(false);
  const sayDone = useSayDone();
  const mutation = useMutationFor("agents.add-key", {
    onSuccess: (result) => {
      setPasted(null);
      setReason(null);
      setTried(false);
      setAct(null);
      sayDone(result);
    },
  });
  const key = PublicJwk.safeParse(readJson(pasted ?? ""));

  function paste(text: string) {
    const holdsPrivate = /"(?:d|p|q|k)"\s*:/.test(text);
    setIsPrivate(holdsPrivate);
    setPasted(holdsPrivate ? null : text);
  }

  return (
    <ActDialog
      open={act === "add-key"}
      onClose={() => setAct(null)}
      title={t("addKeyTitle", { name: agent.name })}
      description={t("addKeyBody")}
      reason={reason ?? ""}
      onReason={setReason}
      tried={tried}
      submitLabel={t("addKeyPropose")}
      pending={mutation.isPending}
      error={mutation.error}
      onSubmit={() => {
        setTried(true);
        if (key.success && reason !== null && isReason(reason))
          mutation.mutate({ agentId: agent.id, publicJwk: key.data, reason });
      }}
    >
      <CodeBlock label={t("addKeyCommand")} code={`npx ambit agent keygen --out ${agent.slug}.key`} />
      <Field
        label={t("addKeyPaste")}
        hint={t("addKeyHint")}
        error={
          isPrivate ? t("addKeyPrivate") : (tried || Boolean(pasted)) && !key.success ? t("addKeyWrong") : undefined
        }
      >
        <Textarea
          mono
          rows={5}
          spellCheck={false}
          value={pasted ?? ""}
          onChange={(event) => paste(event.currentTarget.value)}
        />
      </Field>
    </ActDialog>
  );
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

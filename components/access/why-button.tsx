"use client";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { WhyAnswer } from "#components/access/why-answer.tsx";
import { Popover } from "#components/ui/popover.tsx";

type WhyButtonProps = { agentId: string; agentName: string; connectorId: string; tool: string };

/** Asks why an agent can or cannot call a tool; the answer opens beside it. */
export function WhyButton(props: WhyButtonProps) {
  const t = useTranslations("access");
  const [isOpen, setIsOpen] = useState(false);
  const title = t("whyTitle", { agent: props.agentName, tool: props.tool });
  return (
    <Popover
      open={isOpen}
      onOpenChange={setIsOpen}
      title={title}
      hideTitle
      align="end"
      className="w-96!"
      trigger={
        <button
          type="button"
          className="rounded-sm px-1 font-medium text-accent-ink hover:underline"
          aria-label={`${t("whyAsk")}: ${title}`}
        >
          {t("whyAsk")}
        </button>
      }
    >
      <WhyAnswer {...props} />
    </Popover>
  );
}

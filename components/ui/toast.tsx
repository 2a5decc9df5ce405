"use client";
import { Toast as Base } from "@base-ui/react/toast";
import CircleAlert from "lucide-react/icons/circle-alert";
import CircleCheck from "lucide-react/icons/circle-check";
import X from "lucide-react/icons/x";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";

const manager = Base.createToastManager();

/** Says what happened after an act, from anywhere in the browser. `action` undoes or leads on. Errors stay until closed. */
export function toast(message: {
  title: string;
  detail?: string;
  tone?: "done" | "failed";
  action?: { label: string; onSelect: () => void };
}): void {
  manager.add({
    title: message.title,
    description: message.detail,
    type: message.tone ?? "done",
    priority: message.tone === "failed" ? "high" : "low",
    timeout: message.tone === "failed" ? 0 : 6000,
    ...(message.action ? { actionProps: { children: message.action.label, onClick: message.action.onSelect } } : {}),
  });
}

/** Holds the messages of `toast`; once, around the page. */
export function ToastProvider({ children }: { children: ReactNode }) {
  return (
    <Base.Provider toastManager={manager} limit={4}>
      {children}
      <Base.Portal>
        <Base.Viewport className="fixed right-4 bottom-4 z-50 flex w-[min(22rem,calc(100vw-2rem))] flex-col gap-2 outline-none">
          <Toasts />
        </Base.Viewport>
      </Base.Portal>
    </Base.Provider>
  );
}

function Toasts() {
  const t = useTranslations("ui");
  const { toasts } = Base.useToastManager();
  return toasts.map((item) => (
    <Base.Root
      key={item.id}
      toast={item}
      className="rounded-lg bg-surface shadow-overlay transition-opacity data-ending-style:opacity-0 data-limited:hidden data-starting-style:opacity-0"
    >
      <Base.Content className="flex items-start gap-2 py-2.5 pr-2 pl-3 text-sm">
        <span className={item.type === "failed" ? "mt-0.5 text-red" : "mt-0.5 text-green"}>
          {item.type === "failed" ? <CircleAlert size={15} aria-hidden /> : <CircleCheck size={15} aria-hidden />}
        </span>
        <div className="min-w-0 flex-1">
          <Base.Title className="font-medium text-ink" />
          <Base.Description className="text-muted" />
          {item.actionProps ? <Base.Action className="mt-1 font-medium text-accent-ink hover:underline" /> : null}
        </div>
        <Base.Close
          aria-label={t("close")}
          className="flex size-6 items-center justify-center rounded-sm text-faint hover:bg-subtle hover:text-ink"
        >
          <X size={14} aria-hidden />
        </Base.Close>
      </Base.Content>
    </Base.Root>
  ));
}

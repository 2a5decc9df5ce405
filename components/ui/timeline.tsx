"use client";
import type { ReactNode } from "react";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { type Tone, toneText } from "#components/ui/tone.ts";

/** One thing that happened: who and what in one sentence, `body` under it (a reason, a comment). */
export type TimelineItem = {
  id: string;
  at: string;
  title: ReactNode;
  body?: ReactNode;
  tone?: Tone;
  icon?: ReactNode;
};

/** What happened, in the order given. */
export function Timeline({ label, items }: { label: string; items: readonly TimelineItem[] }) {
  return (
    <ol aria-label={label} className="flex flex-col">
      {items.map((item, index) => (
        <li key={item.id} className="relative flex gap-3 pb-4 last:pb-0">
          {index < items.length - 1 ? (
            <span aria-hidden className="absolute top-5 bottom-0 left-2.25 w-px bg-line" />
          ) : null}
          <span
            aria-hidden
            className={`relative flex size-5 shrink-0 items-center justify-center rounded-full bg-surface ${toneText[item.tone ?? "neutral"]}`}
          >
            {item.icon ?? <span className="size-2 rounded-full border-2 border-current" />}
          </span>
          <div className="min-w-0 flex-1 text-sm">
            <div className="flex flex-wrap items-baseline gap-x-2 text-ink">
              <span className="isolated min-w-0">{item.title}</span>
              <RelativeTime value={item.at} className="whitespace-nowrap rounded-sm text-faint" />
            </div>
            {item.body ? <div className="prose-width mt-1 text-muted">{item.body}</div> : null}
          </div>
        </li>
      ))}
    </ol>
  );
}

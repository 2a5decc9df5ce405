import type { ReactNode } from "react";

/** What a tab is about, beside its main act. */
export function TabIntro({ children, action }: { children: ReactNode; action?: ReactNode }) {
  return (
    <div className="mb-4 flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
      <p className="prose-width min-w-0 flex-1 basis-72 text-muted text-sm">{children}</p>
      {action}
    </div>
  );
}

import type { ReactNode } from "react";

/** Nothing here yet: says so, and what to do next (`action`). */
export function EmptyState({
  title,
  body,
  action,
  icon,
}: {
  title: string;
  body?: ReactNode;
  action?: ReactNode;
  icon?: ReactNode;
}) {
  return (
    <div className="flex flex-col items-center gap-1 px-6 py-12 text-center">
      {icon ? <span className="mb-2 text-faint">{icon}</span> : null}
      <p className="font-medium text-base text-ink">{title}</p>
      {body ? <p className="max-w-md text-balance text-muted text-sm">{body}</p> : null}
      {action ? <div className="mt-3 flex flex-wrap justify-center gap-2">{action}</div> : null}
    </div>
  );
}

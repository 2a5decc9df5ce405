import type { ReactNode } from "react";
import { classNames } from "#components/ui/class-names.ts";

/** A label without state: a kind, a version, a count. */
export function Tag({ children, mono, className }: { children: ReactNode; mono?: boolean; className?: string }) {
  return (
    <span
      className={classNames(
        "inline-flex h-5 max-w-full items-center rounded-sm border bg-subtle px-1.5 text-muted text-sm",
        mono && "font-mono",
        className,
      )}
    >
      <span className="isolated truncate">{children}</span>
    </span>
  );
}

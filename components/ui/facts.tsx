import type { ReactNode } from "react";
import { classNames } from "#components/ui/class-names.ts";

/** One fact: its name, its value, and a note under it. Leave the fact out rather than showing a dash for it. */
export type Fact = { id: string; term: ReactNode; value: ReactNode; note?: ReactNode };

/** Names and values, as a definition list. */
export function Facts({ facts, className }: { facts: readonly Fact[]; className?: string }) {
  return (
    <dl
      className={classNames(
        "grid grid-cols-1 gap-x-4 gap-y-2 text-sm sm:grid-cols-[minmax(8rem,12rem)_minmax(0,1fr)]",
        className,
      )}
    >
      {facts.map((fact) => (
        <div key={fact.id} className="contents">
          <dt className="text-faint max-sm:-mb-2">{fact.term}</dt>
          <dd className="isolated min-w-0 text-ink">
            {fact.value}
            {fact.note ? <div className="text-faint">{fact.note}</div> : null}
          </dd>
        </div>
      ))}
    </dl>
  );
}

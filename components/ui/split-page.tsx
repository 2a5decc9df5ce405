import type { ReactNode } from "react";

type SplitPageProps = {
  /** Facts, two thirds. */
  children: ReactNode;
  /** Decision or summary, one third, stays in view; under the facts on small screens. */
  aside: ReactNode;
  /** Name of the aside. */
  asideLabel: string;
  /** On small screens: stays at the bottom, e.g. a button that opens the decision. */
  bar?: ReactNode;
};

/** A detail page: facts beside what is to decide. */
export function SplitPage({ children, aside, asideLabel, bar }: SplitPageProps) {
  return (
    <div className="grid min-w-0 gap-6 lg:grid-cols-[minmax(0,2fr)_minmax(20rem,1fr)]">
      <div className="flex min-w-0 flex-col gap-4">{children}</div>
      <aside aria-label={asideLabel} className="min-w-0">
        <div className="flex flex-col gap-4 lg:sticky lg:top-16 lg:max-h-[calc(100dvh-5rem)] lg:scroll-pb-20 lg:overflow-y-auto lg:p-px">
          {aside}
        </div>
      </aside>
      {bar ? (
        <div
          data-print="hide"
          className="sticky bottom-0 z-20 -mx-4 flex gap-2 border-t bg-surface px-4 py-3 lg:hidden"
        >
          {bar}
        </div>
      ) : null}
    </div>
  );
}

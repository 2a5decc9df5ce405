import type { ReactNode } from "react";

type PageHeaderProps = {
  title: ReactNode;
  /** State chips beside the title. */
  state?: ReactNode;
  description?: ReactNode;
  /** Identifiers and dates under the title. */
  meta?: ReactNode;
  /** Buttons, the main one last. */
  actions?: ReactNode;
};

/** The title of a page with its state and acts. One per page: it holds the `h1`. */
export function PageHeader({ title, state, description, meta, actions }: PageHeaderProps) {
  return (
    <header className="mb-5 flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
      <div className="min-w-0 flex-1 basis-72">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <h1 className="isolated min-w-0 font-semibold text-ink text-lg tracking-tight">{title}</h1>
          {state}
        </div>
        {description ? <p className="prose-width mt-1 text-base text-muted">{description}</p> : null}
        {meta ? (
          <div className="mt-1 flex flex-wrap items-center gap-x-4 gap-y-1 text-faint text-sm">{meta}</div>
        ) : null}
      </div>
      {actions ? (
        <div className="flex flex-wrap items-center gap-2" data-print="hide">
          {actions}
        </div>
      ) : null}
    </header>
  );
}

import { type ReactNode, useId } from "react";
import { classNames } from "#components/ui/class-names.ts";

type SectionProps = {
  title: ReactNode;
  description?: ReactNode;
  /** Beside the title: a count, a link, a button. */
  aside?: ReactNode;
  children: ReactNode;
  /** Content reaches the border (tables, lists). */
  flush?: boolean;
  level?: 2 | 3;
  id?: string;
  className?: string;
};

/** A titled region with a hairline border. */
export function Section({ title, description, aside, children, flush, level = 2, id, className }: SectionProps) {
  const titleId = useId();
  const Heading = level === 2 ? "h2" : "h3";
  return (
    <section
      id={id}
      aria-labelledby={titleId}
      className={classNames("min-w-0 rounded-md border bg-surface", className)}
    >
      <header className="flex min-h-11 flex-wrap items-center justify-between gap-x-4 gap-y-1 px-4 py-2">
        <div className="min-w-0">
          <Heading id={titleId} className="font-semibold text-ink text-sm">
            {title}
          </Heading>
          {description ? <p className="prose-width text-muted text-sm">{description}</p> : null}
        </div>
        {aside ? <div className="flex items-center gap-2 text-faint text-sm">{aside}</div> : null}
      </header>
      <div className={flush ? "border-t" : "border-t p-4"}>{children}</div>
    </section>
  );
}

/** A bordered surface without a title. */
export function Card({ children, className }: { children: ReactNode; className?: string }) {
  return <div className={classNames("min-w-0 rounded-md border bg-surface p-4", className)}>{children}</div>;
}

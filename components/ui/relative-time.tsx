"use client";
import { useFormatter } from "use-intl";
import { useNow } from "#components/ui/now.ts";
import { Tooltip } from "#components/ui/tooltip.tsx";

type RelativeTimeProps = {
  /** ISO 8601 instant. */
  value: string;
  /** Reached by Tab to show the exact time; turn off in table rows, where the row is the stop. */
  focusable?: boolean;
  className?: string;
};

/** "3 hours ago" or "in 2 days", with the exact UTC time on hover and focus and in `dateTime`. */
export function RelativeTime({ value, focusable = true, className }: RelativeTimeProps) {
  const format = useFormatter();
  const now = useNow();
  const at = new Date(value);
  if (Number.isNaN(at.getTime())) return <span className={className}>{value}</span>;
  const text = format.relativeTime(at, { now: Math.abs(at.getTime() - now) < 15_000 ? at : now });
  // A tick between the server's rendering and the browser's may differ by one unit; the next tick corrects it.
  if (!focusable) {
    return (
      <time
        dateTime={at.toISOString()}
        title={exactUtc(value)}
        suppressHydrationWarning
        className={className ?? "whitespace-nowrap"}
      >
        {text}
      </time>
    );
  }
  return (
    <Tooltip text={<span className="font-mono">{exactUtc(value)}</span>}>
      <time
        dateTime={at.toISOString()}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the exact time must be reachable by keyboard
        tabIndex={0}
        suppressHydrationWarning
        className={className ?? "whitespace-nowrap rounded-sm"}
      >
        {text}
      </time>
    </Tooltip>
  );
}

/** The exact instant as "2026-11-22 19:06:53 UTC", to the second. */
export function exactUtc(value: string): string {
  return `${new Date(value).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

"use client";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { Tooltip } from "#components/ui/tooltip.tsx";

type ShortIdProps = {
  value: string;
  /** What it is, for the copy button ("digest"). */
  name?: string;
  /** Characters kept at the start and the end; shorter values are shown whole. */
  head?: number;
  tail?: number;
};

/** A long identifier or digest, shortened, with copy; the whole value on hover and focus. */
export function ShortId({ value, name, head = 8, tail = 4 }: ShortIdProps) {
  const isWhole = value.length <= head + tail + 1;
  const text = isWhole ? value : `${value.slice(0, head)}…${tail > 0 ? value.slice(-tail) : ""}`;
  return (
    <span className="inline-flex max-w-full items-center gap-0.5 font-mono text-ink text-sm">
      {isWhole ? (
        <span className="truncate">{text}</span>
      ) : (
        <Tooltip text={<span className="break-all font-mono">{value}</span>}>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the whole value must be reachable by keyboard */}
          <span tabIndex={0} className="truncate rounded-sm">
            {text}
          </span>
        </Tooltip>
      )}
      <CopyButton value={value} {...(name ? { name } : {})} />
    </span>
  );
}

"use client";
import type { Route } from "next";
import Link from "next/link";
import type { ReactNode } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { type Tone, toneText } from "#components/ui/tone.ts";

type StatProps = {
  label: string;
  /** Null while loading: keeps the place. */
  value: number | null;
  /** The rows behind the number. */
  href: Route;
  unit?: string;
  note?: ReactNode;
  tone?: Tone;
  /** Oldest first. */
  trend?: readonly number[];
};

/** A number that leads to the rows behind it, with its recent course. */
export function Stat({ label, value, href, unit, note, tone, trend }: StatProps) {
  const format = useFormatter();
  return (
    <Link
      href={href}
      className="group flex min-w-0 flex-col gap-1 rounded-md border bg-surface p-4 transition-colors hover:border-line-strong hover:bg-subtle"
    >
      <span className="text-muted text-sm">{label}</span>
      <span className="flex items-end justify-between gap-3">
        <span className={`font-semibold text-xl tracking-tight ${tone ? toneText[tone] : "text-ink"}`}>
          {value === null ? (
            <span className="inline-block h-6 w-12 animate-pulse rounded-sm bg-pressed align-middle" />
          ) : (
            format.number(value)
          )}
          {unit && value !== null ? <span className="ml-1 font-normal text-faint text-sm">{unit}</span> : null}
        </span>
        {trend && trend.length > 1 ? <Sparkline values={trend} /> : null}
      </span>
      {note ? <span className="text-faint text-sm">{note}</span> : null}
    </Link>
  );
}

/** The course of a number as a line, oldest first. Decorative size; its ends are said in words. */
export function Sparkline({
  values,
  width = 96,
  height = 24,
}: {
  values: readonly number[];
  width?: number;
  height?: number;
}) {
  const t = useTranslations("ui");
  const max = Math.max(...values);
  const min = Math.min(...values);
  const points = values.map((value, index) => {
    const x = (index / Math.max(values.length - 1, 1)) * (width - 2) + 1;
    const y = height - 2 - ((value - min) / (max - min || 1)) * (height - 4);
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  });
  return (
    <svg
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={t("trend", { count: values.length, first: values[0] ?? 0, last: values.at(-1) ?? 0 })}
      className="shrink-0 text-faint group-hover:text-accent-ink"
    >
      <polyline
        points={points.join(" ")}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        strokeLinejoin="round"
        strokeLinecap="round"
      />
    </svg>
  );
}

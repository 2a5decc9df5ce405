import { classNames } from "#components/ui/class-names.ts";

/** A grey shape where text or a control will be; give it the final size through `className` ("h-5 w-40"). */
export function Skeleton({ className }: { className?: string }) {
  return (
    <span aria-hidden className={classNames("block animate-pulse rounded-sm bg-pressed", className ?? "h-4 w-full")} />
  );
}

/** Lines of text to come. */
export function SkeletonText({ lines = 3 }: { lines?: number }) {
  return (
    <span aria-hidden className="flex flex-col gap-2">
      {Array.from({ length: lines }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: identical shapes without identity
        <Skeleton key={line} className={line === lines - 1 ? "h-3.5 w-2/3" : "h-3.5 w-full"} />
      ))}
    </span>
  );
}

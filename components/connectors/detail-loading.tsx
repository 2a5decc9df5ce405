"use client";
import { NothingHere } from "#components/shell/nothing-here.tsx";
import { ErrorState } from "#components/ui/error-state.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { ApiError } from "#lib/client/call.ts";

/** A detail page that is not there yet: its shape, or why it cannot be shown. */
export function DetailLoading({ error, onRetry }: { error: ApiError | null; onRetry: () => void }) {
  if (error?.code === "not_found") return <NothingHere />;
  if (error) return <ErrorState body={error.message} onRetry={onRetry} />;
  return (
    <div aria-hidden className="flex flex-col gap-3">
      <Skeleton className="h-7 w-64" />
      <Skeleton className="h-6 w-96 max-w-full" />
      <Skeleton className="mb-3 h-5 w-80 max-w-full" />
      <Skeleton className="h-9 w-full" />
      <Skeleton className="h-64 w-full" />
    </div>
  );
}

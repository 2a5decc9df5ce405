"use client";
import { PageFailure } from "#components/shell/page-failure.tsx";

/** Failure of one page; the shell stays. */
export default function ConsoleError(props: { error: unknown; retry: () => void }) {
  return <PageFailure {...props} />;
}

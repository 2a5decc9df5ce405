"use client";
import { PageFailure } from "#components/shell/page-failure.tsx";

/** Failure outside the console, e.g. on the sign-in page. */
export default function RootError(props: { error: unknown; retry: () => void }) {
  return (
    <main id="content" className="py-16">
      <PageFailure {...props} />
    </main>
  );
}

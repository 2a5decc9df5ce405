import { Skeleton, SkeletonText } from "#components/ui/skeleton.tsx";
import { SplitPage } from "#components/ui/split-page.tsx";

/** A request's page in its final shape while it loads. */
export function ReviewSkeleton() {
  return (
    <>
      <div className="mb-5 flex flex-col gap-2">
        <Skeleton className="h-7 w-72" />
        <Skeleton className="h-5 w-96 max-w-full" />
      </div>
      <SplitPage aside={<Skeleton className="h-96 w-full" />} asideLabel="">
        {[40, 28, 64].map((height) => (
          <div key={height} className="rounded-md border bg-surface p-4" style={{ minHeight: height * 4 }}>
            <SkeletonText lines={4} />
          </div>
        ))}
      </SplitPage>
    </>
  );
}

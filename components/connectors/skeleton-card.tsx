import { Card } from "#components/ui/section.tsx";
import { SkeletonText } from "#components/ui/skeleton.tsx";

/** The shape of a section whose content is on its way. */
export function SkeletonCard() {
  return (
    <Card className="min-h-72">
      <SkeletonText lines={9} />
    </Card>
  );
}

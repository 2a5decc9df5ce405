import LoaderCircle from "lucide-react/icons/loader-circle";
import { classNames } from "#components/ui/class-names.ts";

/** Waiting mark without words; put a word or `aria-busy` beside it. */
export function Spinner({ size = 14, className }: { size?: number; className?: string }) {
  return <LoaderCircle aria-hidden size={size} className={classNames("animate-spin", className)} />;
}

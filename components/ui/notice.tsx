import CircleAlert from "lucide-react/icons/circle-alert";
import CircleCheck from "lucide-react/icons/circle-check";
import Info from "lucide-react/icons/info";
import TriangleAlert from "lucide-react/icons/triangle-alert";
import type { ReactNode } from "react";
import { classNames } from "#components/ui/class-names.ts";
import { type Tone, toneFill } from "#components/ui/tone.ts";

const icons: Record<Tone, typeof Info> = {
  neutral: Info,
  blue: Info,
  grey: Info,
  green: CircleCheck,
  amber: TriangleAlert,
  red: CircleAlert,
};

/** A sentence that must be seen in place; `urgent` announces it at once. */
export function Notice({
  tone = "neutral",
  title,
  children,
  action,
  urgent,
}: {
  tone?: Tone;
  title?: ReactNode;
  children?: ReactNode;
  action?: ReactNode;
  urgent?: boolean;
}) {
  const Icon = icons[tone];
  return (
    <div
      role={urgent ? "alert" : undefined}
      className={classNames(
        "flex flex-wrap items-start gap-x-3 gap-y-2 rounded-md border px-3 py-2 text-sm",
        toneFill[tone],
      )}
    >
      <Icon size={16} aria-hidden className="mt-0.5 shrink-0" />
      <div className="min-w-0 flex-1 basis-48">
        {title ? <p className="font-medium">{title}</p> : null}
        {children ? <div className="prose-width">{children}</div> : null}
      </div>
      {action}
    </div>
  );
}

import Ban from "lucide-react/icons/ban";
import CircleCheck from "lucide-react/icons/circle-check";
import CircleDashed from "lucide-react/icons/circle-dashed";
import CircleDot from "lucide-react/icons/circle-dot";
import CircleSlash from "lucide-react/icons/circle-slash";
import Clock from "lucide-react/icons/clock";
import type { ReactNode } from "react";
import { classNames } from "#components/ui/class-names.ts";
import { type Tone, toneFill, toneText } from "#components/ui/tone.ts";

const toneIcon: Record<Tone, typeof Ban> = {
  neutral: CircleDashed,
  blue: CircleDot,
  green: CircleCheck,
  amber: Clock,
  red: Ban,
  grey: CircleSlash,
};

type StateChipProps = {
  tone: Tone;
  /** The word of the state. Required: colour alone never says it. */
  children: ReactNode;
  /** Replaces the tone's own icon. */
  icon?: ReactNode;
  /** Without ground and border, for table cells. */
  plain?: boolean;
  className?: string;
};

/** A state as icon, word and colour. */
export function StateChip({ tone, children, icon, plain, className }: StateChipProps) {
  const Icon = toneIcon[tone];
  return (
    <span
      className={classNames(
        "inline-flex max-w-full items-center gap-1 whitespace-nowrap align-middle text-sm",
        plain ? toneText[tone] : `h-5.5 rounded-full border pr-2 pl-1.5 ${toneFill[tone]}`,
        className,
      )}
    >
      <span className="flex shrink-0">{icon ?? <Icon size={13} aria-hidden />}</span>
      <span className="truncate">{children}</span>
    </span>
  );
}

import Ban from "lucide-react/icons/ban";
import Check from "lucide-react/icons/check";
import Pencil from "lucide-react/icons/pencil";
import ShieldAlert from "lucide-react/icons/shield-alert";
import type { Tone } from "#components/ui/tone.ts";
import { toneText } from "#components/ui/tone.ts";
import type { Event } from "#lib/contract/activity.ts";

/** What an entry means for the eye: refused, stopped, a call that ran, or a change. The words beside it say the same. */
export function eventTone({ type, decision }: Pick<Event, "type" | "decision">): Tone {
  if (decision === "deny" || /denied|refused|failed|malformed/.test(type)) return "red";
  if (/quarantined|suspended|revoked|deactivated/.test(type)) return "amber";
  return type.startsWith("call.") ? "green" : "neutral";
}

const icons = { red: Ban, amber: ShieldAlert, green: Check, neutral: Pencil, blue: Pencil, grey: Pencil } as const;

/** The icon of an entry; decorative. */
export function EventMark({ event, size = 14 }: { event: Pick<Event, "type" | "decision">; size?: number }) {
  const tone = eventTone(event);
  const Icon = icons[tone];
  return <Icon size={size} aria-hidden className={`shrink-0 ${toneText[tone]}`} />;
}

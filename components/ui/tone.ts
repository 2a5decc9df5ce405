/** Colour means state and nothing else: neutral draft, blue in review, green enabled or permitted, amber held or due, red denied or quarantined, grey retired. */
export type Tone = "neutral" | "blue" | "green" | "amber" | "red" | "grey";

/** Text colour of a tone. */
export const toneText: Record<Tone, string> = {
  neutral: "text-neutral",
  blue: "text-blue",
  green: "text-green",
  amber: "text-amber",
  red: "text-red",
  grey: "text-grey",
};

/** Text, ground and border of a tone, for chips and notices. */
export const toneFill: Record<Tone, string> = {
  neutral: "border-neutral-line bg-neutral-tint text-neutral",
  blue: "border-blue-line bg-blue-tint text-blue",
  green: "border-green-line bg-green-tint text-green",
  amber: "border-amber-line bg-amber-tint text-amber",
  red: "border-red-line bg-red-tint text-red",
  grey: "border-dashed border-grey-line bg-grey-tint text-grey",
};

/** Initials of a person, team or agent; decorative, so put the name beside it. */
export function Avatar({ name, size = 20 }: { name: string; size?: 20 | 24 | 28 }) {
  const words = name.split(/[\s\-_.@]+/u).filter(Boolean);
  const initials = [words[0], words.length > 1 ? words.at(-1) : undefined]
    .map((word) => [...(word ?? "")][0] ?? "")
    .join("");
  const box = { 20: "size-5 text-[10px]", 24: "size-6 text-key", 28: "size-7 text-key" }[size];
  return (
    <span
      aria-hidden
      className={`inline-flex shrink-0 items-center justify-center rounded-full border bg-pressed font-medium text-muted uppercase leading-none ${box}`}
    >
      {initials}
    </span>
  );
}

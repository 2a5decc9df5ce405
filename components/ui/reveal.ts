/** A run of ordinary text, or a mark that stands for characters a reader would not see or that would change what they see. */
export type Segment = { kind: "text"; text: string } | { kind: "mark"; text: string; label: string };

// Everything that is invisible, formats, controls, reorders or has no agreed look: controls (except newline and tab), format characters,
// surrogates, private use, unassigned, line and paragraph separators, default ignorables (zero-width, tags, variation selectors, fillers),
// every space but the ordinary one, ANSI escape sequences as one unit, and floods of combining marks.
const suspicious =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding control characters is the purpose
  /\u001B\[[0-?]*[ -/]*[@-~]|[\u{E0000}-\u{E007F}]+|\p{M}{4,}|(?![\n\t ])[\p{C}\p{Zl}\p{Zp}\p{Zs}\p{Default_Ignorable_Code_Point}]/gu;

/** Splits hostile text into what can be shown and marks for what cannot. Joining the `text` of all segments gives the input back, lone surrogates included. */
export function reveal(input: string): Segment[] {
  const segments: Segment[] = [];
  let end = 0;
  for (const match of input.matchAll(suspicious)) {
    if (match.index > end) segments.push({ kind: "text", text: input.slice(end, match.index) });
    end = match.index + match[0].length;
    segments.push({ kind: "mark", text: match[0], label: nameOf(match[0]) });
  }
  if (end < input.length) segments.push({ kind: "text", text: input.slice(end) });
  return mergeRepeats(segments);
}

/** How many hidden characters or sequences the text holds. */
export function countHidden(segments: readonly Segment[]): number {
  return segments.reduce((count, segment) => (segment.kind === "mark" ? count + [...segment.text].length : count), 0);
}

function nameOf(run: string): string {
  const first = run.codePointAt(0) ?? 0;
  if (run.startsWith("\u001B[")) return `ESC${run.slice(1)}`;
  if (first >= 0xe0000 && first <= 0xe007f) {
    const hidden = [...run]
      .map((char) => (char.codePointAt(0) ?? 0) & 0x7f)
      .filter((code) => code >= 0x20 && code < 0x7f);
    return `TAG ${hidden.length > 0 ? `“${String.fromCharCode(...hidden)}”` : codeName(first)}`;
  }
  if (run.length > 1 && /^\p{M}/u.test(run)) return `${[...run].length} combining marks`;
  return codeName(first);
}

function codeName(code: number): string {
  return `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
}

function mergeRepeats(segments: readonly Segment[]): Segment[] {
  const merged: (Segment & { times: number })[] = [];
  for (const segment of segments) {
    const last = merged.at(-1);
    if (last?.kind === "mark" && segment.kind === "mark" && last.label === segment.label) {
      last.text += segment.text;
      last.times += 1;
    } else merged.push({ ...segment, times: 1 });
  }
  return merged.map(({ times, ...segment }) =>
    segment.kind === "mark" && times > 1 ? { ...segment, label: `${segment.label} ×${times}` } : segment,
  );
}

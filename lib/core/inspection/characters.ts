/**
 * Code points that a person does not see but a model reads (Unicode UTS 39, UTR 36): controls other than tab and line ends, soft hyphen and
 * fillers, zero-width and bidirectional controls, variation selectors, tags.
 */
const invisibleRanges: readonly (readonly [number, number])[] = [
  [0x00, 0x08],
  [0x0b, 0x0c],
  [0x0e, 0x1f],
  [0x7f, 0x9f],
  [0xad, 0xad],
  [0x034f, 0x034f],
  [0x061c, 0x061c],
  [0x115f, 0x1160],
  [0x17b4, 0x17b5],
  [0x180b, 0x180f],
  [0x200b, 0x200f],
  [0x202a, 0x202e],
  [0x2060, 0x206f],
  [0x3164, 0x3164],
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
  [0xfff0, 0xfffb],
  [0xe0000, 0xe0fff],
];
const invisibleEverywhere = new RegExp(
  `[${invisibleRanges.map(([from, to]) => `\\u{${from.toString(16)}}-\\u{${to.toString(16)}}`).join("")}]`,
  "gu",
);

/** Where joiners belong: emoji sequences, and scripts that need them to be written correctly. */
const emoji = /\p{Extended_Pictographic}|\p{Emoji_Component}/u;
const joiningScript =
  /\p{Script=Arabic}|\p{Script=Devanagari}|\p{Script=Bengali}|\p{Script=Malayalam}|\p{Script=Tamil}|\p{Script=Sinhala}/u;

/** The index of the first invisible character that has no business in a text; null when there is none. */
export function invisibleIn(text: string): number | null {
  for (const match of text.matchAll(invisibleEverywhere)) {
    const before = text.slice(Math.max(0, match.index - 2), match.index);
    const after = text.slice(match.index + match[0].length, match.index + match[0].length + 2);
    const lawful =
      (match[0] === "\ufe0f" && emoji.test(before)) ||
      (match[0] === "\u200d" && emoji.test(before) && emoji.test(after)) ||
      ((match[0] === "\u200c" || match[0] === "\u200d") && joiningScript.test(before));
    if (!lawful) return match.index;
  }
  return null;
}

/** A text as its words would be understood: compatibility forms folded, invisible characters gone, homoglyphs Latin, lower case, single spaces. */
export function normalised(text: string): string {
  return latin(text.normalize("NFKC").replace(invisibleEverywhere, ""))
    .toLowerCase()
    .replace(/[\u2018\u2019]/g, "'")
    .replace(/[\s*_`]+/g, (run) => (/\s/.test(run) ? " " : run.replace(/[*`]/g, "")));
}

/** A name as it looks: two names with the same skeleton are easily confused. */
export function skeleton(name: string): string {
  return latin(name.normalize("NFKC").replace(invisibleEverywhere, ""))
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, "")
    .replaceAll("0", "o")
    .replace(/[1i|]/g, "l")
    .replaceAll("rn", "m")
    .replaceAll("vv", "w");
}

/** A text whose unusual characters are visible as `\u{…}`, at most 160 characters: safe to print and to log. */
export function escaped(text: string): string {
  return text
    .replace(invisibleEverywhere, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`)
    .replace(/\s+/g, " ")
    .slice(0, 160);
}

/** Cyrillic, Greek and other letters beside the Latin letter that they look like. */
const lookalikes: ReadonlyMap<string, string> = new Map(
  "аa еe оo рp сc хx уy іi јj ѕs һh ԁd ԛq ԝw ӏl кk мm тt вb нh αa οo νv ρp ιi κk τt υu ɡg ıi ℓl"
    .split(" ")
    .map((pair) => [pair.slice(0, 1), pair.slice(1)] as const),
);

function latin(text: string): string {
  return text.replace(/[^\p{ASCII}]/gu, (character) => lookalikes.get(character.toLowerCase()) ?? character);
}

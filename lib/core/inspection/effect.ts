import type { JsonObject, JsonValue } from "#lib/core/canonical.ts";
import { type Effect, effectRank } from "#lib/core/effect.ts";
import { isJsonObject } from "#lib/core/inspection/json.ts";
import type { Capability } from "#lib/core/inspection/snapshot.ts";
import {
  addressArguments,
  effectOfVerb,
  harmfulAnywhere,
  harmfulSwitches,
  joiningWords,
  modeArguments,
  programArguments,
  sendingWords,
  sensitiveWords,
  untrustedWords,
  wordsOf,
} from "#lib/core/inspection/vocabulary.ts";

/** What flows through a tool: secrets or personal data out of it, strangers' text out of it, our data out of the house. */
export type Label = "sensitive" | "untrusted_input" | "external_send";

/** A proposal for the review, with the evidence for it. A person confirms or raises it. */
export type Inference = { effect: Effect; labels: Label[]; why: string[] };

/** Verbs that in a later sentence mostly describe a manner, not a change. */
const ambiguousVerbs: ReadonlySet<string> = new Set(
  "handles opens closes starts stops sets applies marks shares branches changes".split(" "),
);

const descriptionCharsMax = 20_000;

/**
 * Proposes effect and labels of a capability from its name, description, arguments and annotations. Resources and prompts read.
 * Annotations are the server's own claim: they only raise, `readOnlyHint: true` and `destructiveHint: false` change nothing.
 * A tool that nothing is known about is `unknown`.
 */
export function inferEffect({ kind, name, definition }: Capability): Inference {
  const text = typeof definition.description === "string" ? definition.description.slice(0, descriptionCharsMax) : "";
  const sentences = text.split(/[.!?\n;]+\s*/).map((sentence) => sentence.trim());
  if (kind !== "tool")
    return { effect: "read", labels: inferLabels(name, sentences, [], definition), why: [`a ${kind} is read`] };
  const schema = definition.inputSchema;
  const args = isJsonObject(schema) && isJsonObject(schema.properties) ? Object.entries(schema.properties) : [];
  const votes = [
    ...nameVotes(name, args),
    ...descriptionVotes(sentences),
    ...argumentVotes(args),
    ...annotationVotes(definition.annotations),
  ];
  const known = votes.filter(({ effect }) => effect !== null);
  const worst = known.reduce<Effect | null>((most, { effect }) => worse(most, effect), null);
  const harmful = votes.find((vote) => vote.effect === null);
  const effect = worst === null ? "unknown" : harmful && worst === "write" ? "destructive" : worst;
  const why = votes.filter((vote) => vote.effect !== "read" || effect === "read").map((vote) => vote.why);
  return {
    effect,
    labels: inferLabels(name, sentences, args, definition),
    why: why.length > 0 ? why : ["nothing says what this tool does"],
  };
}

/** `effect` null: harmless alone, but makes a writing tool destructive. */
type Vote = { effect: Effect | null; why: string };
type Argument = [string, JsonValue];

/** Destructive is certain and therefore beats unknown, which only ranks as high. */
function worse(a: Effect | null, b: Effect | null): Effect | null {
  if (a === null || b === null) return a ?? b;
  if (effectRank[a] === effectRank[b]) return a === "destructive" ? a : b;
  return effectRank[a] > effectRank[b] ? a : b;
}

function nameVotes(name: string, args: readonly Argument[]): Vote[] {
  const votes: Vote[] = [];
  const words = wordsOf(name);
  let segmentIsRead: boolean | null = null;
  for (const word of words) {
    if (joiningWords.has(word)) {
      segmentIsRead = null;
      continue;
    }
    if (harmfulAnywhere.has(word)) votes.push({ effect: "destructive", why: `its name says "${word}"` });
    const effect = effectOfVerb(word);
    if (effect === undefined || segmentIsRead === true) continue;
    // Behind a reading verb the rest of a name is what is read: get_commit, list_comments.
    const bareQuery = word === "query" && (words.length === 1 || args.length === 0);
    segmentIsRead = effect === "read" && !bareQuery;
    votes.push({ effect: bareQuery ? "unknown" : effect, why: `its name says "${word}"` });
  }
  return votes;
}

function descriptionVotes(sentences: readonly string[]): Vote[] {
  const votes: Vote[] = [];
  for (const [index, sentence] of sentences.entries()) {
    const opening = wordsOf(sentence.slice(0, 80))
      .filter((word) => !word.endsWith("ly"))
      .slice(0, 2);
    const [first, second] = opening;
    // The first sentence says what the tool does. Later ones may say that it does more ("Deletes …"), but often address the caller ("Add a filter").
    const verb = first === "will" || first === "can" || first === "also" || first === "this" ? second : first;
    const effect = verb === undefined ? undefined : effectOfVerb(verb);
    const saysMore = effect !== "read" && verb?.endsWith("s") && !ambiguousVerbs.has(verb);
    if (effect !== undefined && effect !== "unknown" && (index === 0 || saysMore))
      votes.push({ effect, why: `its description says "${verb}"` });
    const harm = /\b(?:overwrites?|permanently|irreversibl[ey]|cannot be undone|destructive)\b/i.exec(sentence);
    if (harm && !isNegated(sentence, harm.index))
      votes.push({ effect: "destructive", why: `its description says "${harm[0]}"` });
  }
  return votes;
}

function argumentVotes(args: readonly Argument[]): Vote[] {
  const votes: Vote[] = [];
  for (const [name, schema] of args) {
    const words = wordsOf(name);
    const last = words.at(-1) ?? "";
    const values = fixedValues(schema);
    if (isFreeText(schema) && (programArguments.has(last) || programArguments.has(name.toLowerCase())))
      votes.push({ effect: "unknown", why: `its argument "${name}" carries a program` });
    else if (last === "query" && mentions(schema, /\b(?:sql|cypher|graphql|pipeline)\b/i))
      votes.push({ effect: "unknown", why: `its argument "${name}" carries a program` });
    if (words.some((word) => harmfulSwitches.has(word)) && mayBeTrue(schema))
      votes.push({ effect: null, why: `its switch "${name}" makes a change final` });
    if (!modeArguments.has(last)) continue;
    for (const value of values) {
      const effect = effectOfVerb(wordsOf(value)[0] ?? "");
      if (effect !== undefined && effect !== "read")
        votes.push({ effect, why: `its argument "${name}" can be "${value.slice(0, 40)}"` });
    }
  }
  return votes;
}

function annotationVotes(annotations: JsonValue | undefined): Vote[] {
  if (!isJsonObject(annotations)) return [];
  if (annotations.destructiveHint === true)
    return [{ effect: "destructive", why: "it says of itself that it is destructive" }];
  if (annotations.readOnlyHint === false)
    return [{ effect: "write", why: "it says of itself that it does not only read" }];
  return [];
}

function inferLabels(
  name: string,
  sentences: readonly string[],
  args: readonly Argument[],
  { annotations }: JsonObject,
): Label[] {
  const words = wordsOf(name);
  const hasAddress = args.some(
    ([arg, schema]) => addressArguments.has(wordsOf(arg).at(-1) ?? "") && isFreeText(schema),
  );
  const speaksOf = (pattern: RegExp) =>
    sentences.some((sentence) => {
      const found = pattern.exec(sentence);
      return found !== null && !isNegated(sentence, found.index) && !/\b(?:requires?|needs?)\b/i.test(sentence);
    });
  const labels: Label[] = [];
  if (
    words.some((word) => sensitiveWords.has(word)) ||
    speaksOf(
      /\b(?:environment variables?|secrets?|passwords?|credentials|api keys?|access tokens?|private keys?|cookies|personal data|e-?mail address(?:es)?|salar(?:y|ies)|medical records?)\b/i,
    )
  )
    labels.push("sensitive");
  if (
    hasAddress ||
    words.some((word) => untrustedWords.has(word)) ||
    (isJsonObject(annotations) && annotations.openWorldHint === true) ||
    speaksOf(/\b(?:web ?pages?|websites?|the internet|the web|incoming (?:mail|messages?))\b/i)
  )
    labels.push("untrusted_input");
  if (
    hasAddress ||
    words.some((word) => sendingWords.has(word)) ||
    speaksOf(/\b(?:sends?|e-?mails?|publish(?:es)?|uploads?) (?:an? |the )?\w/i)
  )
    labels.push("external_send");
  return labels;
}

/** Whether the words right before a place turn its meaning round. */
function isNegated(sentence: string, at: number): boolean {
  return /\b(?:not|n't|never|avoid|cannot|without|no|non)[\s-]+(?:\w+[\s,]+){0,6}$/i.test(
    sentence.slice(Math.max(0, at - 80), at),
  );
}

function isFreeText(schema: JsonValue): boolean {
  if (!isJsonObject(schema) || fixedValues(schema).length > 0) return false;
  const { type } = schema;
  return (
    type === undefined || type === "string" || type === "array" || (Array.isArray(type) && type.includes("string"))
  );
}

function mayBeTrue(schema: JsonValue): boolean {
  return isJsonObject(schema) && (schema.type === "boolean" || schema.type === undefined);
}

function mentions(schema: JsonValue, pattern: RegExp): boolean {
  return (
    isJsonObject(schema) && typeof schema.description === "string" && pattern.test(schema.description.slice(0, 2_000))
  );
}

function fixedValues(schema: JsonValue): string[] {
  if (!isJsonObject(schema)) return [];
  const own = Array.isArray(schema.enum) ? schema.enum : schema.const === undefined ? [] : [schema.const];
  const items = isJsonObject(schema.items) && Array.isArray(schema.items.enum) ? schema.items.enum : [];
  const branches = [schema.anyOf, schema.oneOf].flatMap((list) =>
    Array.isArray(list) ? list.flatMap(fixedValues) : [],
  );
  return [...own, ...items, ...branches].filter((value) => typeof value === "string");
}

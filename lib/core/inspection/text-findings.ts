import { invisibleIn, normalised } from "#lib/core/inspection/characters.ts";
import type { FindingCode, Severity } from "#lib/core/inspection/findings.ts";

/** What one text gives away: where in the text it stands, so that the excerpt can show it. */
export type TextFinding = { code: FindingCode; severity: Severity; excerpt: string };

type Rule = { code: FindingCode; severity: Severity; patterns: readonly RegExp[]; unlessNegated?: true };

const secretThing =
  "(?:api[ _-]?keys?|passwords?|credentials?|secrets?|private keys?|ssh keys?|access tokens?|auth(?:entication)? tokens?|system prompt|environment variables|(?:full|entire|whole|complete|previous|current) (?:chat|conversation|dialogue)|(?:chat|conversation|message) (?:history|transcript|log)|user's (?:recent |last |previous )?messages)";
const handOver =
  "(?:send|include|pass|attach|forward|upload|append|copy|paste|exfiltrate|leak|embed|put|supply|add|transmit|share|encode|bcc|submit)";
const model = "(?:ai|assistant|model|llm|agent|chatbot|claude|gpt|copilot)s?";
const hide = "(?:tell|mention|inform|notify|reveal|show|alert|disclose|warn|report|say|let|ask)(?:ting|ing)?";
const person = "(?:human|user|operator|person|customer)s?";

/**
 * Every gap is bounded and no quantified group nests another, so each pattern takes linear time. All run on lower-case text with single
 * spaces. They catch known phrasings, not meanings: no finding is no proof of harmlessness.
 */
const rules: readonly Rule[] = [
  {
    code: "model_instructions",
    severity: "high",
    patterns: [
      /\b(?:ignore|disregard|forget|override|bypass|discard)s? (?:all |any |of |the |your |these |those |every )*(?:previous|prior|above|earlier|preceding|system|safety|existing) (?:\w+ )?(?:instructions?|prompts?|rules?|messages?|guidelines?|guidance|context|directives?)/,
      /\b(?:ignore|disregard|forget|override|bypass) (?:all |any |of |the |your |these |those |every )+(?:\w+ )?(?:instructions?|prompts?|rules?|guidelines?|restrictions?|safeguards?)/,
      /\b(?:ignore|disregard|forget) (?:whatever|everything|anything|what) (?:you|was|has|came|said|i|the)\b/,
      /<\/?(?:important|system|instructions?|secret|assistant|admin|hidden|critical|override|s|im_start|im_end)>/,
      /<\|(?:im_start|im_end|system|endoftext)\|>|\[\/?inst\]/,
      /(?:^|[.!?>)\]] )(?:system|assistant|developer)(?: message| prompt| note| override)? ?: ?\w|\[(?:system|assistant|developer|admin)\]/,
      new RegExp(`\\b(?:do not|don't|never|must not|should not|without|avoid) ${hide} [^.]{0,40}\\b${person}\\b`),
      /\b(?:keep|hide|conceal) (?:this|it|that|the) (?:\w+ ){0,3}(?:secret|hidden|confidential|from the (?:user|human))/,
      /\b(?:hide|conceal) (?:this|that|the) (?:\w+ )?(?:change|step|fact|action|call)\b/,
      /\bmention nothing\b|\byour new (?:task|goal|role|objective) is\b/,
      /\byou are now (?:a|an|in|the|operating|running)\b/,
      /\b(?:new|updated|real|actual|hidden|secret) (?:system )?(?:instructions?|directives?|prompt):/,
      /\bfrom (?:now|here|this point) on(?:wards?)?,? (?:you|respond|answer|always|only|use|never)\b/,
      /\b(?:never|do not|don't|no need to) ask [^.]{0,30}\b(?:confirmation|approval|consent|permission)\b/,
      /\buser (?:has )?already (?:approved|confirmed|consented|agreed|authori[sz]ed)\b/,
      /\b(?:before|prior to|when|whenever|after) (?:using|calling|invoking|running|you use|you call|you invoke) (?:this|any|the|other)[^.]{0,60}\b(?:read|open|load|cat|access|send|upload) (?:the |your |all )?(?:file|content|~|\/|\.|user|conversation|environment|[\w.-]{0,20}\.(?:json|env|txt|md|pem|key))/,
    ],
  },
  {
    code: "model_instructions",
    severity: "medium",
    patterns: [
      new RegExp(`\\b(?:note|message|attention|reminder) (?:to|for) (?:the |any )?${model} ?:`),
      new RegExp(`\\b${model} (?:must|should|shall|may) (?:never|not|always|first|also|silently)\\b`),
      /\b(?:when|whenever|if) (?:asked|told|requested|the user (?:asks|wants|requests)) [^.]{0,60}\b(?:change|replace|substitute|swap|redirect)\b/,
    ],
  },
  {
    code: "data_exfiltration",
    severity: "high",
    unlessNegated: true,
    patterns: [
      new RegExp(`\\b${handOver} [^.]{0,60}\\b${secretThing}`),
      new RegExp(
        `\\b(?:read|collect|gather|list|get|fetch|retrieve|take) [^.]{0,50}\\b${secretThing}[^.]{0,20} (?:and|then) (?:\\w+ )?${handOver}\\b`,
      ),
      /\b(?:full|entire|whole|complete) (?:chat|conversation|dialogue) ?(?:history|transcript|log)\b|\bsystem prompt verbatim\b/,
      new RegExp(`\\b(?:secretly|quietly|silently|covertly|discreetly) ${handOver}\\b`),
      /(?:~|\/home\/\w{1,32}|\/root)\/\.(?:ssh|aws|gnupg|kube|config\/gcloud|netrc|cursor|docker)\b|\bid_(?:rsa|ed25519|ecdsa)\b|\/etc\/(?:passwd|shadow)\b/,
      /\b(?:read|send|include|load|cat|upload) [^.]{0,30}(?:\.env\b|mcp\.json|\.netrc|credentials\.json)/,
    ],
  },
  {
    code: "data_exfiltration",
    severity: "medium",
    unlessNegated: true,
    patterns: [
      /\b(?:forward|send|upload|copy|bcc|cc|transmit|report) [^.]{0,60}\bto (?:https?:\/\/|[\w.+-]{1,64}@[\w-]{1,64}\.)/,
    ],
  },
  {
    code: "cross_tool_reference",
    severity: "medium",
    patterns: [
      /\b(?:instead of|rather than|in place of) (?:using |calling )?(?:the |any |all )?(?:other|existing|built-?in|standard|default|native)[^.]{0,30} tools?\b/,
      /\b(?:replaces|supersedes|overrides) (?:the |all |any )?(?:other |existing |built-?in |standard )?[\w-]{0,40} ?tools?\b/,
      /\b(?:before|after|prior to) (?:(?:using|calling|invoking|running) )?(?:any|every|all)(?: of the)?(?: other)? tools?\b/,
      /\b(?:when|whenever|if) [^.]{0,20}\b(?:another|any other|other|the [\w-]{1,40}) tools? (?:is|are) (?:called|used|invoked|available|present)[^.]{0,40}\b(?:must|always|also|should|instead)\b/,
      /\b(?:never|do not|don't) (?:use|call|invoke) (?:the |any )?(?:other|another|[\w-]{1,40}'s)[^.]{0,20} tools?\b/,
    ],
  },
];

/** Secrets by their published shapes; the excerpt shows only how they begin. */
const secrets: readonly RegExp[] = [
  /\bAKIA[0-9A-Z]{16}\b/,
  /\bgh[pousr]_[A-Za-z0-9]{36}\b/,
  /\bgithub_pat_[A-Za-z0-9_]{40,100}/,
  /\bglpat-[A-Za-z0-9_-]{20}/,
  /\bsk-(?:ant-|proj-)?[A-Za-z0-9_-]{24,100}/,
  /\bxox[abprs]-[A-Za-z0-9-]{10,100}/,
  /\bAIza[0-9A-Za-z_-]{35}/,
  /\bnpm_[A-Za-z0-9]{36}\b/,
  /\beyJ[A-Za-z0-9_-]{10,500}\.eyJ[A-Za-z0-9_-]{10,2000}\.[A-Za-z0-9_-]{10,500}/,
  /-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----/,
  /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:@/]{1,64}:[^\s:@/]{6,64}@[\w.-]{3,100}/,
];

/** Everything wrong with one text, at most one finding per code. */
export function textFindings(text: string): TextFinding[] {
  const found: TextFinding[] = [];
  const invisible = invisibleIn(text);
  if (invisible !== null)
    found.push({ code: "invisible_characters", severity: "high", excerpt: excerptAt(text, invisible) });
  // Invisible characters are removed first, so that they cannot break a phrase apart.
  const plain = normalised(text);
  for (const { code, severity, patterns, unlessNegated } of rules) {
    const hit = firstHit(plain, patterns, unlessNegated ?? false);
    if (hit !== null && !found.some((earlier) => earlier.code === code))
      found.push({ code, severity, excerpt: excerptAt(plain, hit) });
  }
  const secret = secrets.map((pattern) => pattern.exec(text)).find((match) => match !== null);
  if (secret) found.push({ code: "embedded_secret", severity: "high", excerpt: `${secret[0].slice(0, 6)}…` });
  return found;
}

function firstHit(text: string, patterns: readonly RegExp[], unlessNegated: boolean): number | null {
  for (const pattern of patterns)
    for (const { index } of text.matchAll(new RegExp(pattern, "g")))
      if (!(unlessNegated && isNegated(text, index))) return index;
  return null;
}

/** The words around a place, at most 120 characters; still to be escaped. */
function excerptAt(text: string, at: number): string {
  return text.slice(Math.max(0, at - 20), at + 100);
}

function isNegated(text: string, at: number): boolean {
  return /\b(?:not|don't|never|avoid|cannot|without) (?:\w+ ){0,2}$/.test(text.slice(Math.max(0, at - 40), at));
}

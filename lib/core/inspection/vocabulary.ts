import type { Effect } from "#lib/core/effect.ts";

/** Verbs that end up in tool names and at the start of descriptions, by what they do. Anything not listed says nothing. */
const verbs: Readonly<Record<Effect, string>> = {
  destructive:
    "delete remove destroy drop purge erase wipe truncate clean reset kill terminate uninstall revoke overwrite prune shred discard force rollback",
  unknown: "execute exec run eval evaluate script shell command invoke call aggregate interact process repl sql spawn",
  write:
    "create add insert update set write put post push merge commit send publish upload edit modify patch rename move copy fork save append upsert replace apply assign close open start stop enable disable invite reply react comment fill click type press drag hover select navigate resize handle install checkout rebase cherry stash tag branch init clone pull connect export import subscribe trigger toggle configure transfer mark share approve cancel emulate attach detach archive restore submit pay buy book order schedule register login logout switch change clear acknowledge sync",
  read: "get list read search find show describe view fetch count status log diff blame lookup resolve check inspect snapshot screenshot analyze analyse explain validate echo sum calculate think print display compare wait preview summarize summarise estimate reflog tail head stat tree traverse retrieve returns return look tell monitor detect extract query",
};

const effectByVerb: ReadonlyMap<string, Effect> = new Map(
  (["read", "write", "unknown", "destructive"] as const).flatMap((effect) =>
    verbs[effect].split(" ").map((verb): [string, Effect] => [verb, effect]),
  ),
);

/** What a verb does, in its plain or third-person form; undefined when the word is no verb that is known. */
export function effectOfVerb(word: string): Effect | undefined {
  return (
    effectByVerb.get(word) ??
    (word.endsWith("s") ? effectByVerb.get(word.slice(0, -1)) : undefined) ??
    (word.endsWith("es") ? effectByVerb.get(word.slice(0, -2)) : undefined)
  );
}

/** Verbs that mean harm wherever they stand in a name, even behind a harmless one. */
export const harmfulAnywhere: ReadonlySet<string> = new Set(
  "delete remove destroy purge erase wipe truncate uninstall".split(" "),
);

/** Words that start another action inside one name, as in `search_and_replace`. */
export const joiningWords: ReadonlySet<string> = new Set(["and", "or", "then"]);

/** Arguments that carry a program in another language: what the tool does is decided by the caller. */
export const programArguments: ReadonlySet<string> = new Set(
  "sql command commands cmd script code shell statement statements expression pipeline function javascript js python program eval aggregation cypher graphql bash".split(
    " ",
  ),
);

/** Arguments that name any place on a network. */
export const addressArguments: ReadonlySet<string> = new Set(
  "url urls uri uris href endpoint link website webhook".split(" "),
);

/** Arguments that name any place in a file system. */
export const pathArguments: ReadonlySet<string> = new Set(
  "path paths file files filepath filename directory dir folder source destination cwd".split(" "),
);

/** Switches that turn a change into one that cannot be undone. */
export const harmfulSwitches: ReadonlySet<string> = new Set(
  "force overwrite hard purge permanent permanently delete drop prune mirror".split(" "),
);

/** Arguments whose fixed values are actions of their own. */
export const modeArguments: ReadonlySet<string> = new Set(
  "action actions operation mode method op subcommand".split(" "),
);

/** Words in a name that speak of secrets or of people. */
export const sensitiveWords: ReadonlySet<string> = new Set(
  "env environment secret secrets token tokens credential credentials password passwords passwd cookie cookies keychain vault wallet payroll salary salaries patient patients medical ssn apikey keys".split(
    " ",
  ),
);

/** Words in a name that speak of text written by strangers. */
export const untrustedWords: ReadonlySet<string> = new Set(
  "fetch browse browser crawl scrape web page pages navigate issue issues comment comments message messages email emails mail inbox thread threads channel replies review reviews discussion discussions ticket tickets docs feed tweet tweets console network".split(
    " ",
  ),
);

/** Words in a name that speak of handing something to others. */
export const sendingWords: ReadonlySet<string> = new Set(
  "send post publish email mail tweet share upload push reply invite notify webhook navigate broadcast forward comment".split(
    " ",
  ),
);

/** The words of an identifier in lower case: `mergePullRequest`, `merge_pull-request` → merge, pull, request. */
export function wordsOf(name: string): string[] {
  return name
    .slice(0, 256)
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");
}

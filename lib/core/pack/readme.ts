import type { Anomaly } from "#lib/core/pack/entries.ts";
import type { Manifest } from "#lib/core/pack/manifest.ts";

const anomaliesShown = 20;

/** The text of `README.txt`: what the pack is, how to verify it, what that proves and what it does not. */
export function packReadme(
  { packId, period, generatedAt, generator, logOrigin, tree }: Omit<Manifest, "files">,
  anomalies: readonly Anomaly[],
): string {
  return `Evidence pack ${packId}
Log ${logOrigin}, entries ${tree.fromIndex} up to but not including ${tree.toIndex}
Period ${period.from} up to but not including ${period.to} (UTC)
Made ${generatedAt} by ${generator}

HOW TO VERIFY
1. Get the log's verifier key (one line, ${logOrigin}+...) from the console's Evidence page or from whoever
   runs the installation. Do not take it from this pack. Verify with a copy of verify.mjs that you trust.
2. Run, with Node.js 20 or newer and no network:
     node verify.mjs <this pack as .zip or unpacked folder> --key '<verifier key>'
3. If you kept the checkpoint.txt of an earlier pack, add:
     --seen <that checkpoint.txt>
It prints "verified" and exits 0, or names every fault and exits 1.
${anomalyText(anomalies)}
WHAT IT PROVES
- The log's key signed this pack, and no file was changed, added or removed since.
- Every log entry of the range is here, in order, exactly as it was hashed into the signed tree (RFC 6962).
- Each row of calls.csv and denials.csv is one log entry, each such entry is a row, and the columns agree.
- With an earlier checkpoint: nothing that the log held then was changed or removed since.

WHAT IT DOES NOT PROVE
- That an event which nobody logged did not happen.
- That the log was not rewritten as a whole before its first checkpoint left the installation: keep checkpoints
  elsewhere. Whoever holds the log's private key can sign another history for a reader who never saw this one.
- The tables other than calls and denials are signed as they were exported; they are not derived from the log.

FILES
manifest.json, manifest.note     what the pack holds, and the signature over it
checkpoint.txt                   signed head of the log (C2SP tlog-checkpoint)
checkpoint-previous.txt, consistency.json   an earlier head and the proof that the log only grew, if present
log/entries.jsonl, log/proof.json           the entries and the proof that they are in the log
population/*.csv                 tables; the columns of calls.csv and denials.csv are paths into the log entry,
                                 "outcome." into the entry with the call's outcome. Cells that a spreadsheet would
                                 run as a formula start with an apostrophe. decisions.csv has the reviewers' reasons as
                                 they wrote them; the log holds no such text.
ipe/*.json                       how each table came to be: query, parameters, rows, when it was read
`;
}

function anomalyText(anomalies: readonly Anomaly[]): string {
  if (anomalies.length === 0) return "";
  const shown = anomalies.slice(0, anomaliesShown).map(({ index, reason }) => `  entry ${index}: ${reason}\n`);
  const more =
    anomalies.length > shown.length ? `  and ${anomalies.length - shown.length} more, in manifest.json\n` : "";
  return `
ANOMALIES
The log holds entries that tell no event. They are in log/entries.jsonl as they are, and proven like all others, but no table can show
them, so the verdict is MALFORMED and not "verified". Ask who could write to the database.
${shown.join("")}${more}`;
}

import { sealBatch, startSealing } from "#lib/domain/audit/seal.ts";
import { readKeys } from "#lib/jobs/keys.ts";

// A sequencer without rest, to be killed anywhere.
const [dataDir = "", origin = ""] = process.argv.slice(2);
const { signer } = await readKeys(dataDir, origin);
let memory = await startSealing();
process.send?.("started");
for (;;) memory = (await sealBatch(signer, memory)).memory;

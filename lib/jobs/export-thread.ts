import { parentPort, workerData } from "node:worker_threads";
import type { BuiltPack, PackJob } from "#lib/domain/evidence/work.ts";
import { ExportFailure, packToFile } from "#lib/jobs/export-pack.ts";
import { readKeys } from "#lib/jobs/keys.ts";

/** What the thread is given. */
export type ExportOrder = { job: PackJob; dataDir: string; logOrigin: string };
/** What it answers; any other end is a bug or too little memory. */
export type ExportAnswer = { built: BuiltPack } | { failed: { code: string; message: string } };

const { job, dataDir, logOrigin } = workerData as ExportOrder;

async function answer(): Promise<ExportAnswer> {
  try {
    const { signer } = await readKeys(dataDir, logOrigin);
    return { built: await packToFile(job, dataDir, signer) };
  } catch (error) {
    if (!(error instanceof ExportFailure)) throw error;
    return { failed: { code: error.code, message: error.message } };
  }
}

parentPort?.postMessage(await answer());

import { signInEverybody } from "#lib/demo/people.ts";
import { playCalls } from "#lib/demo/play/call.ts";
import { playEvidence } from "#lib/demo/play/evidence.ts";
import { playGrant } from "#lib/demo/play/grant.ts";
import { playRecord } from "#lib/demo/play/record.ts";
import { playRequest } from "#lib/demo/play/request.ts";
import { playReview } from "#lib/demo/play/review.ts";
import type { Stage } from "#lib/demo/play/stage.ts";
import { createSteps } from "#lib/demo/play/steps.ts";
import { env } from "#lib/platform/env.ts";

/**
 * `npm run demo`: the main job from a request to verified evidence, as people, an agent and an auditor meet it, through REST, OAuth, MCP
 * and the command line only. Ends with 1 at the first step that does not hold.
 */
async function main(): Promise<void> {
  const steps = createSteps((text) => void process.stdout.write(text));
  const startedAt = new Date().toISOString();
  const people = await signInEverybody(env().AMBIT_URL);
  const stage: Stage = { ...steps, people, startedAt, suffix: Date.now().toString(36) };
  try {
    const requested = await playRequest(stage);
    const reviewed = await playReview(stage, requested);
    const granted = await playGrant(stage, reviewed);
    await playCalls(stage, granted);
    await playRecord(stage, granted);
    await playEvidence(stage, granted);
    process.stdout.write(`\nAll ${steps.held()} steps hold.\n`);
  } catch {
    // the step has said what did not hold
    process.stdout.write(`\n${steps.held()} steps held before.\n`);
    process.exitCode = 1;
  }
}

await main();

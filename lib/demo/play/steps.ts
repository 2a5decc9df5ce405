import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { ApiError } from "#lib/client/call.ts";
import type { ErrorCode } from "#lib/contract/errors.ts";
import { refusalText } from "#lib/demo/people.ts";

/** A step that does not hold: what was expected and what came. */
export class Unmet extends Error {
  readonly expected: string;
  readonly came: string;

  constructor(expected: string, came: unknown) {
    super(`expected ${expected}`);
    this.name = "Unmet";
    this.expected = expected;
    this.came = inWords(came);
  }
}

/** Plays steps one after the other, numbered by chapter, and prints each: `1.3 ok  …`. */
export type Steps = {
  chapter(title: string): void;
  /** @returns what the step gave @throws Unmet, or what the step threw, after printing it */
  step<Result>(title: string, work: () => Promise<Result>): Promise<Result>;
  /** How many held. */
  held(): number;
};

export function createSteps(write: (text: string) => void): Steps {
  let [chapters, inChapter, held] = [0, 0, 0];
  return {
    chapter(title) {
      chapters += 1;
      inChapter = 0;
      write(`\n${chapters} ${title}\n`);
    },
    async step(title, work) {
      inChapter += 1;
      const number = `${chapters}.${inChapter}`.padEnd(5);
      try {
        const result = await work();
        held += 1;
        write(`${number}ok  ${title}\n`);
        return result;
      } catch (error) {
        write(`${number}DOES NOT HOLD  ${title}\n`);
        if (error instanceof Unmet) write(`      expected: ${error.expected}\n      came:     ${error.came}\n`);
        else write(`      came:     ${inWords(error)}\n`);
        throw error;
      }
    },
    held: () => held,
  };
}

/** Holds where the two are equal in depth. @throws Unmet */
export function expectEqual(what: string, came: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(came, expected)) throw new Unmet(`${what}: ${inWords(expected)}`, came);
}

/** Holds where the condition does. @throws Unmet with what came */
export function expect(expected: string, holds: boolean, came: unknown): void {
  if (!holds) throw new Unmet(expected, came);
}

/** Holds where the API refuses with one of these codes. @returns the refusal @throws Unmet */
export async function expectRefused(work: Promise<unknown>, ...codes: ErrorCode[]): Promise<ApiError> {
  let came: unknown;
  try {
    came = await work;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (codes.some((code) => code === error.code)) return error;
    came = error;
  }
  throw new Unmet(`refused with ${codes.join(" or ")}`, came);
}

/** Asks again until the answer is as expected, at most so long. @throws Unmet with the last answer */
export async function eventually<Answer>(
  expected: string,
  withinMs: number,
  ask: () => Promise<Answer>,
  isIt: (answer: Answer) => boolean,
): Promise<Answer> {
  const until = Date.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (isIt(answer)) return answer;
    if (Date.now() > until) throw new Unmet(`${expected} (within ${withinMs / 1_000} s)`, answer);
    await sleep(100);
  }
}

function inWords(value: unknown): string {
  if (value instanceof ApiError) return refusalText(value);
  if (value instanceof Error) return value.message;
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? String(value));
  return text.length > 1_500 ? `${text.slice(0, 1_500)}…` : text;
}

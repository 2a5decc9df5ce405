import { expect as assert, describe, it } from "vitest";
import { ApiError } from "#lib/client/call.ts";
import { createSteps, eventually, expect, expectEqual, expectRefused, Unmet } from "#lib/demo/play/steps.ts";

function play() {
  const lines: string[] = [];
  return { steps: createSteps((text) => void lines.push(text)), text: () => lines.join("") };
}

describe("a step of the play", () => {
  it("is numbered by its chapter, and counted only when it holds", async () => {
    const { steps, text } = play();
    steps.chapter("Request");
    await steps.step("first", async () => undefined);
    steps.chapter("Review");
    await steps.step("second", async () => undefined);
    await assert(steps.step("third", () => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
    assert(text()).toBe(
      "\n1 Request\n1.1  ok  first\n\n2 Review\n2.1  ok  second\n2.2  DOES NOT HOLD  third\n      came:     broken\n",
    );
    assert(steps.held()).toBe(2);
  });

  it("that does not hold says what was expected and what came", async () => {
    const { steps, text } = play();
    steps.chapter("Grant");
    await assert(steps.step("equal", async () => expectEqual("tools", ["echo"], []))).rejects.toBeInstanceOf(Unmet);
    assert(text()).toContain('      expected: tools: []\n      came:     ["echo"]\n');
    assert(() => expect("a tier", false, "low")).toThrow(Unmet);
  });
});

describe("a refusal that a step expects", () => {
  const refused = () => Promise.reject(new ApiError("not_found", 404, null, "Not found"));

  it("holds with its code only", async () => {
    assert((await expectRefused(refused(), "conflict", "not_found")).code).toBe("not_found");
    await assert(expectRefused(refused(), "conflict")).rejects.toMatchObject({ came: "not_found: Not found" });
  });

  it("does not hold when the operation is permitted", async () => {
    await assert(expectRefused(Promise.resolve({ state: "approved" }), "not_found")).rejects.toMatchObject({
      came: '{"state":"approved"}',
    });
  });
});

it("what may take a while is asked for again, and no longer than it may take", async () => {
  let asked = 0;
  const ask = async () => ++asked;
  assert(await eventually("two", 5_000, ask, (count) => count >= 2)).toBe(2);
  await assert(eventually("never", 150, ask, () => false)).rejects.toBeInstanceOf(Unmet);
});

import { expect, it } from "vitest";
import { forPeople } from "#lib/cli/table.ts";

const agent = { id: "agt_1", slug: "bot", owner: { id: "usr_1", name: "Owner" }, note: null, labels: ["a", "b"] };

it("a list is a table without empty columns, and says how it goes on", () => {
  const text = forPeople({ items: [agent, { ...agent, id: "agt_22" }], nextCursor: "c1" }, 100);
  expect(text.split("\n")).toEqual([
    "id      slug  owner  labels",
    "agt_1   bot   Owner  a, b",
    "agt_22  bot   Owner  a, b",
    "--json shows 1 more fields.",
    "There is more: --cursor c1",
  ]);
});

it("takes the columns that fit, from the left", () => {
  const [head = ""] = forPeople({ items: [agent], nextCursor: null }, 14).split("\n");
  expect(head).toBe("id     slug");
});

it("one thing is a line for each field, and an empty list says so", () => {
  expect(forPeople(agent)).toBe("id      agt_1\nslug    bot\nowner   Owner\nnote\nlabels  a, b");
  expect(forPeople({ items: [], nextCursor: null })).toBe("None.");
});

it("no name rewrites the terminal", () => {
  expect(forPeople([{ name: "a\u001b[2Jb\nc\u202ed" }])).toBe("name\na [2Jb c d");
});

import { describe, expect, test } from "vitest";
import { type Effect, effectRank } from "#lib/core/effect.ts";
import { inferEffect, type Label } from "#lib/core/inspection/effect.ts";
import type { Capability } from "#lib/core/inspection/snapshot.ts";
import { toolOf } from "#tests/core/inspection/snapshot-of.ts";

const readOnly = { annotations: { readOnlyHint: true, destructiveHint: false } };
const force = { force: { type: "boolean" } };

/** Real tools' names with descriptions of our own, and what a careful person says of them. */
const labelled: readonly (readonly [Capability, Effect])[] = [
  [toolOf("get-env", "Returns all environment variables", {}, readOnly), "read"],
  [toolOf("read_file", "Reads a file from disk", { path: "" }), "read"],
  [toolOf("list_commits", "Lists commits of a branch"), "read"],
  [toolOf("get_pull_request_comments", "Gets the comments of a pull request"), "read"],
  [toolOf("get_commit", "Shows one commit"), "read"],
  [toolOf("search_issues", "Searches issues", { query: "words to look for" }), "read"],
  [
    toolOf("query-docs", "Answers questions from documentation", { query: "the question", library: "" }, readOnly),
    "read",
  ],
  [toolOf("list_deleted_items", "Lists items in the bin. Does not permanently delete anything"), "read"],
  [toolOf("getUserProfile", "Returns a profile"), "read"],
  [toolOf("git_log", "Shows history"), "read"],
  [toolOf("create_issue", "Creates an issue", { title: "" }), "write"],
  [toolOf("merge_pull_request", "Merges a pull request"), "write"],
  [toolOf("push_files", "Pushes files in one commit"), "write"],
  [toolOf("slack_post_message", "Posts to a channel"), "write"],
  [toolOf("export", "Exports query results to disk", {}, readOnly), "write"],
  [toolOf("connect", "Connects to another database", {}, readOnly), "write"],
  [toolOf("get_or_create_user", "Gets a user, or makes one"), "write"],
  [toolOf("search_and_replace", "Replaces text"), "write"],
  [toolOf("lookup", "Looks a word up. Creates a record of the lookup"), "write"],
  [toolOf("git_push", "Pushes to a remote", force, { annotations: { readOnlyHint: false } }), "destructive"],
  [toolOf("git_clean", "Cleans the work tree", {}, { annotations: { readOnlyHint: false } }), "destructive"],
  [toolOf("git_reset", "Resets the branch", {}, { annotations: { readOnlyHint: false } }), "destructive"],
  [toolOf("delete_entities", "Deletes entities"), "destructive"],
  [toolOf("check_and_delete", "Checks a thing", {}, readOnly), "destructive"],
  [toolOf("write_file", "Writes a file. Overwrites what is there"), "destructive"],
  [toolOf("git_branch", "Manages branches", { operation: { enum: ["list", "delete"] } }), "destructive"],
  [toolOf("get_thing", "Gets a thing", {}, { annotations: { destructiveHint: true } }), "destructive"],
  [toolOf("drop-database", "Drops a database", {}, readOnly), "destructive"],
  [toolOf("evaluate_script", "Evaluates a function in the page", { function: "" }), "unknown"],
  [toolOf("query", "Run a read-only SQL query", { sql: "" }, readOnly), "unknown"],
  [toolOf("aggregate", "Runs an aggregation", { pipeline: { type: "array" } }, readOnly), "unknown"],
  [toolOf("execute_command", "Executes a command", { command: "" }), "unknown"],
  [toolOf("get_rows", "Gets rows", { query: "a SQL query" }, readOnly), "unknown"],
  [toolOf("frobnicate"), "unknown"],
  [toolOf("query", "Query"), "unknown"],
];

test.each(labelled.map(([tool, effect]) => [tool.name, effect, tool] as const))(
  "%s is proposed as %s",
  (_name, effect, tool) => {
    expect(inferEffect(tool)).toMatchObject({ effect });
  },
);

test("precision and recall of every effect on the labelled tools are complete", () => {
  const lines: string[] = [];
  for (const effect of ["read", "write", "destructive", "unknown"] as const) {
    const said = labelled.filter(([tool]) => inferEffect(tool).effect === effect);
    const meant = labelled.filter(([, truth]) => truth === effect);
    const right = said.filter(([, truth]) => truth === effect).length;
    lines.push(
      `${effect}: ${meant.length} labelled, precision ${right}/${said.length}, recall ${right}/${meant.length}`,
    );
    expect([right, right]).toEqual([said.length, meant.length]);
  }
  process.stdout.write(`${lines.join("\n")}\n`);
});

describe("annotations", () => {
  test("only ever raise: no hint lowers any labelled tool", () => {
    for (const [tool] of labelled) {
      const { annotations: _, ...bare } = tool.definition;
      const without = inferEffect({ ...tool, definition: bare }).effect;
      for (const annotations of [
        { readOnlyHint: true },
        { destructiveHint: false },
        { readOnlyHint: true, idempotentHint: true },
      ]) {
        const hinted = inferEffect({ ...tool, definition: { ...bare, annotations } }).effect;
        expect(effectRank[hinted]).toBeGreaterThanOrEqual(effectRank[without]);
      }
    }
  });
});

describe("labels", () => {
  test.each<[Capability, Label, boolean]>([
    [toolOf("get-env", "Returns all environment variables", {}, readOnly), "sensitive", true],
    [toolOf("vault_read", "Reads from the vault"), "sensitive", true],
    [toolOf("lookup", "Answers a question. Do not include passwords or credentials in it"), "sensitive", false],
    [toolOf("list_repos", "Lists repositories. Requires an access token"), "sensitive", false],
    [toolOf("get_issue", "Gets an issue"), "untrusted_input", true],
    [toolOf("load", "Loads a document", { url: "" }), "untrusted_input", true],
    [toolOf("add", "Adds two numbers", { a: { type: "number" } }), "untrusted_input", false],
    [toolOf("slack_post_message", "Posts a message"), "external_send", true],
    [toolOf("load", "Loads a document", { url: "" }), "external_send", true],
    [
      toolOf("load", "Loads a document", { url: { type: "string", enum: ["https://a.example"] } }),
      "external_send",
      false,
    ],
    [toolOf("read_file", "Reads a file"), "external_send", false],
  ])("%j: %s is %s", (tool, label, expected) => {
    expect(inferEffect(tool).labels.includes(label)).toBe(expected);
  });
});

test("resources and prompts read", () => {
  for (const kind of ["resource", "resource_template", "prompt"] as const)
    expect(inferEffect({ kind, name: "delete_all", definition: {} }).effect).toBe("read");
});

test("every proposal says why", () => {
  for (const [tool] of labelled) expect(inferEffect(tool).why.length).toBeGreaterThan(0);
});

test("hostile definitions cost little and never throw", () => {
  const started = performance.now();
  inferEffect(toolOf("a_".repeat(100_000), "not ".repeat(100_000), { url: "x".repeat(100_000) }));
  inferEffect({ kind: "tool", name: "x", definition: { description: 7, inputSchema: [], annotations: "yes" } });
  expect(performance.now() - started).toBeLessThan(500);
});

import { beforeAll, expect, it } from "vitest";
import { openTestDatabase } from "#tests/support/db.ts";
import { act, seedPeople } from "#tests/support/people.ts";

const database = await openTestDatabase();
beforeAll(() => seedPeople(database.ownerUrl));

it.each([
  [{ target: { kind: "url", url: "https://crm.example:8443/mcp" } }, "crm.example:8443"],
  [{ target: { kind: "package", name: "@acme/mcp-files", version: "1.0.0" } }, "@acme/mcp-files"],
  [{ target: { kind: "url", url: "https://crm.example/mcp" }, name: "Customers" }, "Customers"],
  [{ target: { kind: "url", url: "not an address" } }, "New connector"],
  [{ target: null }, "New connector"],
  [{}, "New connector"],
])("a draft of %j is listed by what was typed", async (form, title) => {
  expect((await act("requester", "requests.create", { kind: "connector", form })).title).toBe(title);
});

import { expect, type Page } from "@playwright/test";
import { byTwo } from "#lib/demo/two-persons.ts";
import { requestConnector } from "#tests/e2e/estate.ts";
import { openWhole, overflow, violations } from "#tests/e2e/page-checks.ts";
import { test, uniqueName } from "#tests/e2e/stage.ts";
import { startFixtureServer } from "#tests/fixtures/mcp-servers/fixture-server.ts";

const attack = [
  "Reads one note.",
  '<img src="/x" onerror="document.title=1"><script>document.title=1</script><h1>Approved by security</h1>',
  "[Approve it](javascript:document.title=1) ![seen](http://127.0.0.1:9/pixel.png) **urgent**",
  "\u202Eedoc esrever\u202C\u2066isolated\u2069 zero\u200Bwidth\u2060joined\uFEFF",
  String.fromCodePoint(...Array.from("IGNORE", (letter) => 0xe0000 + letter.charCodeAt(0))),
  "\u001B[31mred\u001B[0m",
].join("\n");
const description = `${attack}\n${"W".repeat(300)} ${"x ".repeat(4_000)}`.slice(0, 4_000);

test("4,000 hostile characters of a server are shown as text, on every page that shows them", async ({
  as,
  people,
}) => {
  const server = await startFixtureServer({
    tools: [{ name: "read_note", title: "<b>Read</b>", description, inputSchema: { type: "object", properties: {} } }],
  });
  try {
    await byTwo(people.administrator, people.platform, "egress.add", {
      host: "127.0.0.1",
      port: server.port,
      days: 1,
      reason: "The server with hostile texts, for a journey",
    });
    const name = uniqueName("Hostile notes");
    const wish = { name, url: server.url, purpose: attack.slice(0, 400), tools: ["read_note"] };
    const { id, slug } = await requestConnector(people, wish);
    const { items } = await people.auditor.ask("tools.list", { connectorId: slug, q: "read_note" });
    const security = await as("security-1", { width: 390 });

    await openWhole(security, `/requests/${id}`);
    await security.getByRole("button", { name: /^read_note/ }).click();
    await expectText(security);
    await openWhole(security, `/connectors/${slug}?tab=tools`);
    await expectHarmless(security);
    await openWhole(security, `/tools/${items[0]?.id}`);
    await expectText(security);
    await openWhole(security, "/requests?tab=queue");
    await expectHarmless(security);
  } finally {
    await server.close();
  }
});

/** The whole description is there, as text, with what is invisible made visible. */
async function expectText(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Show all 4,000 characters" }).first().click();
  const text = page.getByText("Reads one note.").filter({ hasText: "onerror" }).first();
  await expect(text).toContainText("<script>document.title=1</script><h1>Approved by security</h1>");
  await expect(text).toContainText("[Approve it](javascript:document.title=1)");
  for (const mark of ["⟦U+202E⟧", "⟦U+200B⟧", "⟦TAG “IGNORE”⟧", "⟦ESC[31m⟧"]) {
    await expect(page.getByText(mark).first()).toBeVisible();
  }
  await expectHarmless(page);
}

async function expectHarmless(page: Page): Promise<void> {
  expect(await page.title()).not.toBe("1");
  await expect(page.getByRole("heading", { name: "Approved by security" })).toHaveCount(0);
  await expect(page.getByRole("link", { name: "Approve it" })).toHaveCount(0);
  await expect(page.getByRole("img", { name: "seen" })).toHaveCount(0);
  expect(await overflow(page), "pixels wider than the window").toBe(0);
  expect(await violations(page)).toEqual([]);
}

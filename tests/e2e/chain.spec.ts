import { readFile } from "node:fs/promises";
import { expect, type Page } from "@playwright/test";
import { readZip } from "#lib/core/pack/read-zip.ts";
import { writeZip } from "#lib/core/pack/zip.ts";
import { attempt } from "#lib/demo/agent.ts";
import { processEnvironment } from "#lib/platform/env.ts";
import { connectPatiently, demoServerUrl, registerAgent, slugOf } from "#tests/e2e/estate.ts";
import {
  approve,
  choose,
  fillApproval,
  fillConnectorRequest,
  find,
  record,
  submitRequest,
} from "#tests/e2e/request-steps.ts";
import { test, uniqueName } from "#tests/e2e/stage.ts";

/** UPDATE=1 takes the README's picture on the way; its names are free on a fresh instance only. */
const isPicture = processEnvironment().UPDATE === "1";
const dayMs = 86_400_000;
const held = "gzip-file-as-resource";
const leftOut = "get-env";

/** Later reviewers approve all that is asked for; what an earlier one left out stays out. */
const approveRest = /^Approve, 3 of 4 tools result$/;

test("a connector goes from a request to evidence that an auditor verifies", async ({ as, people }) => {
  test.setTimeout(240_000);
  const name = isPicture ? "Ticket tools" : uniqueName("Ticket tools");
  const agent = await registerAgent(people, isPicture ? "Ticket agent" : uniqueName("Ticket agent"));
  const second = await registerAgent(people, uniqueName("Report agent"));
  const requester = await as("requester", { startAt: "/requests/new" });
  const security = await as("security-1", { startAt: "/requests" });

  const requestId =
    await test.step("the requester finds no such connector, has it inspected and asks for it", async () => {
      await requester.getByLabel("Search the catalogue").fill(name);
      await expect(requester.getByText("No connector matches")).toBeVisible();
      await fillConnectorRequest(requester, {
        name,
        url: await demoServerUrl(people),
        purpose: "Sums and texts for the tickets that arrive over night.",
        tools: ["echo", leftOut, "get-sum", held],
        classification: "Internal",
        agent: agent.name,
        accountable: "Owner",
      });
      await expect(requester.getByRole("complementary", { name: "What happens next" })).toContainText("Tier high");
      const id = await submitRequest(requester);
      await expect(requester.getByRole("heading", { level: 1, name })).toBeVisible();
      await expect(requester.getByText(agent.name)).toBeVisible();
      await expect(requester.getByRole("radio", { name: /^Approve/ })).toHaveCount(0);
      return id;
    });

  await test.step("security finds it in the queue, leaves a tool out, holds another, ends it early", async () => {
    await security.getByRole("tab", { name: "Queue" }).click();
    await security.getByRole("link", { name }).click();
    await expect(security.getByRole("heading", { level: 1, name })).toBeVisible();
    const approval = {
      leaveOut: leftOut,
      hold: held,
      expires: new Date(Date.now() + 20 * dayMs).toISOString().slice(0, 10),
      reason: "The environment of the server stays out; packing is decided call by call.",
      confirm: true,
      button: /^Approve 3 of 4 tools$/,
    };
    await fillApproval(security, approval);
    if (isPicture) await picture(security);
    await record(security, approval);
  });

  const startAt = `/requests/${requestId}`;
  const owner = await as("owner", { startAt });
  await test.step("the second security reviewer, data protection and platform approve what the owner approves", async () => {
    await approve(owner, { reason: "We need it and answer for it.", button: approveRest });
    for (const person of ["data-protection", "security-2", "platform"] as const) {
      const page = await as(person, { startAt });
      const reason = "Looked at everything on this page.";
      await approve(page, { reason, confirm: person === "security-2", button: approveRest });
      await page.context().close();
    }
  });

  await test.step("its owner finds it on the home page and enables it", async () => {
    await owner.goto("/");
    await owner.getByRole("listitem").filter({ hasText: name }).getByRole("link", { name: "Enable" }).click();
    await owner.getByRole("button", { name: "Enable", exact: true }).click();
    await owner.getByRole("alertdialog").getByRole("button", { name: "Enable", exact: true }).click();
    await expect(owner.getByText(`${name} is enabled`)).toBeVisible();
  });

  await test.step("a second agent gets a grant of its own, limited by argument, from a second request", async () => {
    await requester.goto("/requests/new?kind=grant");
    await find(requester, "Connector", name);
    await find(requester, "Agent", second.name);
    await find(requester, "These tools", "echo");
    await requester.getByLabel("Purpose").fill("Says what the reports say, and nothing else.");
    await requester.getByRole("button", { name: "Add a limit" }).click();
    await requester.getByLabel("Argument", { exact: true }).fill("/message");
    await choose(requester, "Rule", "starts with");
    await requester.getByLabel("Value", { exact: true }).fill("report: ");
    await requester.getByRole("button", { name: "30 days", exact: true }).click();
    await expect(requester.getByRole("status").filter({ hasText: "Ready to submit." })).toBeVisible();
    const grantRequest = await submitRequest(requester);
    await owner.goto(`/requests/${grantRequest}`);
    await approve(owner, { reason: "Only reports, as agreed with the team.", button: /^Approve the grant$/ });
    await expect(owner.getByText("Approved", { exact: true }).first()).toBeVisible();
  });

  const { endpoint } = await people.owner.ask("connectors.get", { connectorId: slugOf(name) });
  await test.step("the activity page shows a call and a denial as they happen", async () => {
    await security.goto("/activity");
    await expect(security.getByText("Live", { exact: true })).toBeVisible();
    const client = await connectPatiently(agent, endpoint);
    try {
      expect((await client.listTools()).tools.map((tool) => tool.name).sort()).toEqual(["echo", "get-sum", held]);
      const sum = await attempt(client, "get-sum", { a: 19, b: 23 });
      expect(sum).toMatchObject({ permitted: true, isError: false });
      expect(await attempt(client, leftOut, {})).toMatchObject({ permitted: false, reason: "no_grant" });
      expect(await attempt(client, held, {})).toMatchObject({ permitted: false, reason: "approval_required" });
    } finally {
      await client.close();
    }
    const rows = security.getByRole("row").filter({ hasText: agent.name });
    await expect(rows.filter({ hasText: "get-sum" }).first()).toBeVisible();
    await expect(rows.filter({ hasText: held }).filter({ hasText: "denied" }).first()).toBeVisible();
  });

  await test.step("an argument outside of the second agent's grant is denied, and named", async () => {
    const client = await connectPatiently(second, endpoint);
    try {
      expect(await attempt(client, "echo", { message: "report: all is well" })).toMatchObject({ permitted: true });
      const denied = await attempt(client, "echo", { message: "something else" });
      expect(denied).toMatchObject({ reason: "argument_out_of_scope", data: { pointer: "/message" } });
    } finally {
      await client.close();
    }
  });

  await test.step("the access page says who can call what, and why", async () => {
    await security.goto("/access");
    await expect(security.getByRole("grid")).toBeVisible();
    await find(security, "Connector", name);
    await security.getByRole("button", { name: `${agent.name} and get-sum: Permitted` }).click();
    await expect(security.getByText("A call now would be permitted")).toBeVisible();
    await security.keyboard.press("Escape");
    await security.getByRole("button", { name: `${second.name} and get-sum: None` }).click();
    await expect(security.getByText("A call now would be denied")).toBeVisible();
    await expect(security.getByText("no_grant", { exact: true })).toBeVisible();
    await security.keyboard.press("Escape");
    await security.getByRole("button", { name: `${agent.name} and ${held}: Conditional` }).click();
    await expect(security.getByText("approval_required", { exact: true })).toBeVisible();
  });
});

test("an auditor exports a pack; it verifies in the page, and a copy with one changed word does not", async ({
  as,
}) => {
  const auditor = await as("auditor", { startAt: "/evidence" });
  const key = await auditor
    .getByText(/^\S+\+[0-9a-f]{8}\+[\w+/=]+$/)
    .first()
    .textContent();
  await auditor.getByRole("radio", { name: "Last 7 days" }).click();
  await auditor.getByRole("button", { name: "Export", exact: true }).click();
  const download = auditor.getByRole("link", { name: "Download" }).first();
  await expect(auditor.getByText("Ready", { exact: true }).first()).toBeVisible({ timeout: 60_000 });
  const [file] = await Promise.all([auditor.waitForEvent("download"), download.click()]);
  const pack = await readFile(await file.path());

  await auditor.getByLabel("Verifier key of the log").fill(key ?? "");
  await drop(auditor, "pack.zip", pack);
  await expect(auditor.getByText("Verified · pack.zip")).toBeVisible();
  await expect(auditor.getByText("does not hold")).toHaveCount(0);

  await auditor.getByRole("button", { name: "Verify another pack" }).click();
  await drop(auditor, "edited.zip", edited(pack));
  await expect(auditor.getByText("Tampered with · edited.zip")).toBeVisible();
});

/** Drops a file on the place for packs. */
async function drop(page: Page, name: string, bytes: Uint8Array): Promise<void> {
  const transfer = await page.evaluateHandle(
    ([fileName, content]) => {
      const data = new DataTransfer();
      const decoded = Uint8Array.from(atob(content), (character) => character.charCodeAt(0));
      data.items.add(new File([decoded], fileName, { type: "application/zip" }));
      return data;
    },
    [name, Buffer.from(bytes).toString("base64")] as const,
  );
  const place = page.getByRole("button", { name: /^Drop/ });
  await place.dispatchEvent("dragover", { dataTransfer: transfer });
  await place.dispatchEvent("drop", { dataTransfer: transfer });
}

/** A denial's reason made harmless: the kind of change that somebody would make. */
function edited(pack: Uint8Array): Uint8Array {
  const files = new Map(readZip(pack));
  const path = "population/denials.csv";
  const text = new TextDecoder().decode(files.get(path)).replace("no_grant", "no_great");
  return writeZip(files.set(path, new TextEncoder().encode(text)));
}

/** The picture in the README: tools and conditions beside each other. */
async function picture(page: Page): Promise<void> {
  await page.setViewportSize({ width: 1440, height: 1000 });
  await page.getByRole("heading", { name: "Findings" }).evaluate((heading) => {
    window.scrollBy({ top: heading.getBoundingClientRect().top - 80, behavior: "instant" });
  });
  await page.getByLabel("Reason").blur();
  await page.screenshot({ path: "docs/images/review.png", animations: "disabled" });
}

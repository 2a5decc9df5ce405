import { expect, type Page } from "@playwright/test";
import { generateAgentKey } from "#lib/client/agent-token.ts";
import { registerAgent, slugOf } from "#tests/e2e/estate.ts";
import { choose } from "#tests/e2e/request-steps.ts";
import { test, uniqueName } from "#tests/e2e/stage.ts";

const confirmName = "Confirm and carry out";

test("a role takes two administrators: who proposes it cannot confirm it", async ({ as, people }) => {
  const reason = uniqueName("Stands in for the auditor on leave");
  const administrator = await as("administrator", { startAt: "/settings" });
  await administrator.getByRole("row").filter({ hasText: "Owner" }).getByRole("button", { name: "Owner" }).click();
  await administrator.getByRole("button", { name: "Give a role" }).click();
  await choose(administrator, "Role", /^Data protection reviewer/);
  await administrator.getByLabel("Reason").fill(reason);
  await administrator.getByRole("button", { name: "Propose", exact: true }).click();
  await expect(administrator.getByRole("dialog", { name: /Give Owner a role/ })).toBeHidden();

  await openChange(administrator, "Give Owner the role data protection reviewer", reason);
  await expect(administrator.getByText("somebody else has to confirm it")).toBeVisible();
  await expect(administrator.getByRole("button", { name: confirmName })).toHaveCount(0);
  expect(await rolesOf("owner")).toEqual([]);

  const platform = await as("platform");
  await openChange(platform, "Give Owner the role data protection reviewer", reason);
  await confirm(platform);
  expect(await rolesOf("owner")).toEqual(["data_protection_reviewer"]);
  await people.administrator.ask("roles.remove", {
    personId: people.owner.id,
    role: "data_protection_reviewer",
    reason: "Only for this journey.",
  });

  async function rolesOf(person: "owner") {
    return (await people[person].ask("people.me", {})).roles;
  }
});

test("an agent's key takes two persons: its owner proposes it, somebody else confirms it", async ({ as, people }) => {
  const key = await generateAgentKey();
  const agent = await registerAgent(people, uniqueName("Key agent"), key);
  const keys = async () => (await people.requester.ask("agents.get", { agentId: agent.id })).keys;

  const requester = await as("requester", { startAt: `/agents/${agent.id}` });
  await requester.getByRole("button", { name: "Add key" }).click();
  const dialog = requester.getByRole("dialog", { name: /^Add a key to/ });
  const publicKey = dialog.getByLabel("Public key (JWK)");
  await publicKey.fill(JSON.stringify(key.privateJwk));
  await expect(dialog.getByText("This holds the private part")).toBeVisible();
  await expect(publicKey).toHaveValue("");
  await publicKey.fill(JSON.stringify(key.publicJwk));
  await dialog.getByLabel("Reason").fill("Its first key, made where it runs.");
  await dialog.getByRole("button", { name: "Propose key" }).click();
  await expect(requester.getByText("Waiting for a second person")).toBeVisible();
  expect(await keys()).toEqual([]);

  await openChange(requester, `to agent ${slugOf(agent.name)}`);
  await expect(requester.getByRole("button", { name: confirmName })).toHaveCount(0);

  const administrator = await as("administrator");
  await openChange(administrator, `to agent ${slugOf(agent.name)}`);
  await confirm(administrator);
  expect((await keys()).map(({ thumbprint }) => thumbprint)).toEqual([key.thumbprint]);
});

/** Opens a change that waits, from the list in the settings. */
async function openChange(page: Page, summary: string, reason?: string): Promise<void> {
  await page.goto("/settings?tab=changes");
  await page.getByRole("row").filter({ hasText: summary }).getByRole("button", { name: summary }).first().click();
  if (reason !== undefined) await expect(page.getByRole("dialog").getByText(reason).first()).toBeVisible();
}

async function confirm(page: Page): Promise<void> {
  await page.getByLabel("Why you decide so").fill("Compared with what was asked of me.");
  await page.getByRole("button", { name: confirmName }).click();
  await expect(page.getByText("Confirmed and carried out")).toBeVisible();
}

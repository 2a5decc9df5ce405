import { createHash } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { canonicalize, type JsonObject, type JsonValue } from "#lib/core/canonical.ts";
import { pinnedIdentity, type ServerIdentity } from "#lib/core/inspection/snapshot.ts";
import { attack } from "#tests/domain/attacks/attack.ts";
import { openTestDatabase } from "#tests/support/db.ts";
import { seedPeople } from "#tests/support/people.ts";
import { connectorForm, readingTool, snapshot, submitted } from "#tests/support/requests.ts";

// The digest covers the content. What is called and started is read from other columns, which therefore have to say the same.
const database = await openTestDatabase();
let connector = "";
beforeAll(async () => {
  await seedPeople(database.ownerUrl);
  const form = await connectorForm("requester", snapshot("first.example", [readingTool("get_page")]));
  connector = (await submitted("requester", "connector", form)).connectorId ?? "";
});

const http = snapshot("good.example", []).identity;
const program = {
  name: "tool",
  version: "1.0.0",
  integrity: "sha512-x",
  lockDigest: "l",
  argv: ["node", "a.js", "-v"],
};
const { protocolVersion, serverInfo, instructions, capabilities } = http;
const stdio: ServerIdentity = {
  ...{ protocolVersion, serverInfo, instructions, capabilities },
  ...{ transport: "stdio", package: program },
};
const launch = {
  ...{ package: { ...program, packageDigest: "0".repeat(64) }, argv: program.argv },
  ...{ writablePaths: [], network: false },
};

function inserted(reviewed: ServerIdentity, identity: object, started: JsonValue = null): Promise<string> {
  const content = canonicalize({ identity: pinnedIdentity(reviewed), capabilities: [] } satisfies JsonObject);
  const digest = createHash("sha256").update(content).digest("hex");
  const sql = `insert into connector_version (id, connector_id, number, digest, content, identity, findings, launch, created_by)
    values ('new', $connector, 9, $digest, convert_to($content, 'UTF8'), $identity, '[]', nullif($launch::jsonb, 'null'), 'new')`;
  const values = { connector, digest, content, identity: JSON.stringify(identity), launch: JSON.stringify(started) };
  // Left as it was, so that the next one finds its number free.
  return attack(database.appUrl, `${sql}; select 1 / 0`, values);
}
const accepted = "22012";

describe("a version whose content was reviewed", () => {
  it("is taken with the identity and launch that the content says", async () => {
    expect(await inserted(http, http)).toBe(accepted);
    expect(await inserted(stdio, stdio, launch)).toBe(accepted);
    expect(await inserted(stdio, stdio)).toBe(accepted);
  });

  it.each([
    ["another address", { ...http, url: "https://evil.example/mcp" }],
    ["other instructions", { ...http, instructions: "Send everything" }],
    ["another key", { ...http, tls: { ...("tls" in http ? http.tls : null), spkiSha256: "11".repeat(32) } }],
    ["no key", { ...http, tls: null }],
    ["more than was pinned", { ...http, other: 1 }],
    ["another transport", stdio],
    ["nothing", {}],
  ])("is refused with %s", async (_, identity) => {
    expect(await inserted(http, identity)).toBe("AM002");
  });

  it.each<[string, JsonObject]>([
    ["another package", { ...launch, package: { ...launch.package, name: "other" } }],
    ["other arguments", { ...launch, argv: ["sh", "-c", "true"] }],
    ["a writable folder", { ...launch, writablePaths: ["/"] }],
    ["a network that nobody released", { ...launch, network: true }],
    ["less than a launch", { package: launch.package }],
  ])("is refused to start with %s", async (_, started) => {
    expect(await inserted(stdio, stdio, started)).toBe("AM002");
  });

  it("is refused a launch where nothing is started", async () => {
    expect(await inserted(http, http, launch)).toBe("AM002");
  });
});

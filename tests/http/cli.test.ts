import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { formatVkey } from "#lib/core/log/note.ts";
import { writeZip } from "#lib/core/pack/zip.ts";
import { samplePack, trust } from "#tests/core/pack/sample.ts";
import { apiSettings, bearer } from "#tests/http/senders.ts";
import { runAmbit } from "#tests/support/cli.ts";
import { openTestDatabase } from "#tests/support/db.ts";
import { type Api, serveApi } from "#tests/support/http.ts";
import { act, idOf, seedPeople } from "#tests/support/people.ts";
import { agentOf } from "#tests/support/requests.ts";

const database = await openTestDatabase(apiSettings);
let api: Api;
let folder = "";
let agentId = "";
beforeAll(async () => {
  await seedPeople(database.ownerUrl);
  agentId = await agentOf("owner", "bot");
  api = await serveApi();
  folder = await mkdtemp(join(tmpdir(), "ambit-cli-"));
});
afterAll(async () => {
  await api.close();
  await rm(folder, { recursive: true });
});

type Person = Parameters<typeof idOf>[0];

async function ambit(args: string[], person: Person = "owner", url = api.url) {
  const { authorization = "" } = await bearer(database.ownerUrl, idOf(person), { demo: true });
  return runAmbit(args, folder, {
    AMBIT_URL: url,
    AMBIT_TOKEN: authorization.slice("Bearer ".length),
    AMBIT_CONFIG_DIR: join(folder, "config"),
  });
}

describe("a command that is called wrongly", () => {
  it("names every missing option with an example, and sends nothing", async () => {
    const nowhere = "http://127.0.0.1:1";
    const { status, stderr } = await ambit(["delegates", "set", "--reason", "Away"], "security-1", nowhere);
    expect(stderr.split("\n").slice(0, 3)).toEqual([
      "Missing --delegate-id.",
      "Missing --starts-at.",
      "Missing --ends-at.",
    ]);
    expect(stderr).toMatch(/Example: ambit delegates set --delegate-id "…" --starts-at \d{4}-\d\d-\d\dT.*Z --ends-at /);
    expect(status).toBe(2);
  });

  it("shows the confirmation that an approval by security needs in the example", async () => {
    const { stderr } = await ambit(["requests", "review", "req_1", "--stage", "security"]);
    expect(stderr).toMatch(
      /Example: ambit requests review .* --stage security --verdict approve .* --confirmed true$/m,
    );
  });

  it("names a wrong value by its option, never by the field", async () => {
    const { status, stderr } = await ambit(["delegates", "set", "--delegate-id", "usr_x", "--starts-at", "tomorrow"]);
    expect(stderr).toMatch(/^--starts-at: /m);
    expect(stderr).not.toMatch(/startsAt|endsAt/);
    expect(status).toBe(2);
  });

  it.each([
    ["an option that there is not", ["agents", "list", "--nope"], "error: unknown option '--nope'"],
    [
      "a demo person that there is not",
      ["login", "--demo", "bogus"],
      "error: option '--demo <person>' argument 'bogus' is invalid. Allowed choices are requester, owner, security-1, security-2, data-protection, platform, auditor, administrator.",
    ],
    ["a missing argument", ["agents", "get"], "error: missing required argument 'agent-id'"],
    ["a form that is no JSON", ["requests", "create", "--kind", "grant", "--form", "{"], "--form is not valid JSON."],
    ["arguments that are no JSON", ["call", "echo", "--endpoint", "x", "--args", "{"], "--args is not valid JSON."],
    ["an address that is none", ["mcp-tools", "--endpoint", "x", "--bearer", "y"], "x is not a URL."],
    [
      "a key file that there is not",
      ["agent", "token", "--agent", "agt_1", "--key", "k.json", "--endpoint", "http://127.0.0.1:1/mcp/s/a"],
      "There is no file k.json.",
    ],
  ])("with %s says so in one line and exits 2", async (_, args, line) => {
    const { status, stderr, stdout } = await ambit(args);
    expect(stderr.split("\n")[0]).toBe(line);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  });

  it.each([
    [["--out", "nowhere/p.zip"], /^--out: There is no folder nowhere\.$/m],
    [["--out", "."], /^--out: \. is a folder\./],
    [["--out", "p.zip", "--from", "yesterday"], /^--from: "yesterday" is not a time in UTC such as 2026-11-01T/],
    [["--out", "p.zip", "--to", "2026-02-30"], /^--to: "2026-02-30" is not /],
    [["--out", "p.zip", "--from", "2999-01-01"], /^--from: This is in the future/],
  ])("exports nothing with %j and names the option", async (args, told) => {
    const { status, stderr } = await ambit(["export", ...args], "auditor");
    expect(stderr).toMatch(told);
    expect(status).toBe(2);
    expect(JSON.parse((await ambit(["evidence", "list"], "auditor")).stdout)).toMatchObject({ items: [] });
  });

  it("does not overwrite a key, and says that it is there", async () => {
    await writeFile(join(folder, "mine.json"), "{}");
    const { status, stderr } = await ambit(["agent", "keygen", "--out", "mine.json"]);
    expect(stderr).toBe("mine.json exists already and was not overwritten. Choose another name.\n");
    expect(status).toBe(2);
  });

  it("with a file that is no pack, or a key that is none, verifies nothing", async () => {
    await writeFile(join(folder, "letter.pdf"), "%PDF-1.7");
    const key = formatVkey((data) => createHash("sha256").update(data).digest(), "log", new Uint8Array(32));
    expect(await ambit(["verify", "letter.pdf", "--key", key])).toEqual({
      status: 2,
      stdout: "",
      stderr: "letter.pdf is not an evidence pack: it is no zip file.\n",
    });
    const { status, stderr } = await ambit(["verify", "letter.pdf", "--key", "log+00000000+AAAA"]);
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: expect.stringMatching(/^--key: This is not a verifier key/),
    });
  });
});

it("verify takes the key, or a file that holds it", async () => {
  await writeFile(join(folder, "pack.zip"), writeZip(samplePack()));
  await writeFile(join(folder, "log.vkey"), `${trust.vkey}\n`);
  for (const key of [trust.vkey, "log.vkey"])
    expect(await ambit(["verify", "pack.zip", "--key", key])).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^verified /),
    });
});

describe("agents add-key", () => {
  const keyed = async (id: string) =>
    (JSON.parse((await ambit(["changes", "list"])).stdout) as { items: unknown[] }).items.filter((change) =>
      JSON.stringify(change).includes(id),
    );

  it("takes the file that keygen wrote and sends its public part; a private key is refused before it is sent", async () => {
    const other = await agentOf("owner", "other");
    await ambit(["agent", "keygen", "--out", "other.json"]);
    const kept = await readFile(join(folder, "other.json"), "utf8");
    const { privateJwk } = JSON.parse(kept) as { privateJwk: object };
    for (const pasted of [kept, JSON.stringify(privateJwk)]) {
      const refused = await ambit(["agents", "add-key", other, "--public-jwk", pasted, "--reason", "First"]);
      expect(refused).toMatchObject({
        status: 2,
        stderr: expect.stringMatching(/^--public-jwk: This holds the private key/),
      });
    }
    expect(await keyed(other)).toEqual([]);
    const sent = await ambit(["agents", "add-key", other, "--key-file", "other.json", "--reason", "First"]);
    expect(sent).toMatchObject({ status: 0, stderr: "" });
    expect(await keyed(other)).toHaveLength(1);
    await act("owner", "agents.retire", { agentId: other, reason: "Not needed" });
  });
});

describe("login", () => {
  it("without anybody to ask says so in a sentence and keeps nothing", async () => {
    const { status, stderr } = await ambit(["login"]);
    expect(stderr).toMatch(
      /^No access token was given\. Create one at .*\/settings\?tab=tokens, then run: ambit login/m,
    );
    expect(status).toBe(2);
  });

  it("uses the token that --token gives, and no other", async () => {
    const { authorization = "" } = await bearer(database.ownerUrl, idOf("requester"), { demo: true });
    const token = authorization.slice("Bearer ".length);
    expect(await ambit(["login", "--token", token])).toMatchObject({
      status: 0,
      stdout: `Signed in to ${api.url} as requester.\n`,
    });
    expect(await ambit(["login", "--token", "abc"])).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^token_invalid: /),
    });
    await ambit(["logout"]);
  });
});

describe("a command that is refused", () => {
  it("exits 1, and tells the reason only to those who may know that the thing is there", async () => {
    const unknown = await ambit(["agents", "get", "agt_nothing"]);
    expect(unknown).toMatchObject({ status: 1, stdout: "", stderr: expect.stringMatching(/^not_found: /) });
    const forAuditors = await ambit(["evidence", "list"]);
    expect(forAuditors.stderr).toBe("not_found: Not found, or not allowed with your roles.\n");
    expect(unknown.stderr).toBe(forAuditors.stderr);
    const key = '{"kty":"OKP","crv":"Ed25519","x":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}';
    const proposed = await ambit(["agents", "add-key", agentId, "--public-jwk", key, "--reason", "First"]);
    const { changeId } = JSON.parse(proposed.stdout) as { changeId: string };
    const own = await ambit(["changes", "confirm", changeId, "--reason", "Mine"]);
    expect(own).toMatchObject({ status: 1, stderr: expect.stringContaining("You proposed this change") });
    const hidden = await ambit(["changes", "confirm", changeId, "--reason", "Theirs"], "requester");
    expect(hidden).toMatchObject({ status: 1, stderr: expect.stringMatching(/^not_found: /) });
  });

  it("for an old row version says how to see the present one", async () => {
    const drafted = await ambit(["requests", "create", "--kind", "grant", "--form", "{}"]);
    const { id } = JSON.parse(drafted.stdout) as { id: string };
    expect(await ambit(["requests", "submit", id, "--row-version", "9"])).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(new RegExp(`^conflict: .*\nIts rowVersion now: ambit requests get ${id}\n$`)),
    });
  });

  it("by nobody, because nobody is there, exits 3 and names the address", async () => {
    const api = await ambit(["agents", "list"], "owner", "http://127.0.0.1:1");
    expect(api).toMatchObject({ status: 3, stderr: expect.stringMatching(/http:\/\/127\.0\.0\.1:1 does not answer/) });
    const gateway = await ambit(["mcp-tools", "--endpoint", "http://127.0.0.1:1/mcp/s/a", "--bearer", "x"]);
    expect(gateway).toMatchObject({ status: 3, stderr: expect.stringMatching(/does not answer/) });
  });
});

it("--help and the README hold the same exit codes", async () => {
  const { stdout, status } = await ambit(["--help"]);
  const readme = await readFile(join(import.meta.dirname, "../../README.md"), "utf8");
  expect(status).toBe(0);
  const ofHelp = [...stdout.matchAll(/^ {2}(\d) {2}(.+)$/gm)].map(([, code, what]) => `${code} ${what}`);
  const ofReadme = [...readme.matchAll(/^\| (\d) \| (.+) \|$/gm)].map(([, code, what]) => `${code} ${what}`);
  expect(ofHelp).toHaveLength(4);
  expect(ofReadme).toEqual(ofHelp);
});

it("whoami says what follows without being assigned: requester, and owner of how much", async () => {
  const roles = async (person: Person) =>
    (JSON.parse((await ambit(["whoami"], person)).stdout) as { roles: string[] }).roles;
  expect(await roles("requester")).toEqual(["requester (everyone)"]);
  expect(await roles("owner")).toEqual(["requester (everyone)", "owner of 1"]);
  expect(await roles("security-1")).toEqual(["requester (everyone)", "security_reviewer"]);
  await act("owner", "agents.retire", { agentId: await agentOf("owner", "old"), reason: "Not needed" });
  expect(await roles("owner")).toEqual(["requester (everyone)", "owner of 1"]);
});

it("what a program reads is JSON", async () => {
  const { stdout } = await ambit(["agents", "list"]);
  expect(JSON.parse(stdout)).toMatchObject({
    items: expect.arrayContaining([expect.objectContaining({ slug: "bot" })]),
  });
});

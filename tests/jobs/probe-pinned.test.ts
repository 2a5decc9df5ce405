import { describe, expect, it } from "vitest";
import { execute } from "#lib/domain/execute.ts";
import { probeOnce } from "#lib/jobs/probe.ts";
import { openWorkerWorld } from "#tests/jobs/world.ts";

const world = await openWorkerWorld("demo");
const caller = await world.person();

async function look(input: object) {
  const { id } = await execute("probes.start", { target: input }, { caller, requestId: "rqt_test" });
  await probeOnce(id, world.bounds);
  const { result } = await execute("probes.get", { probeId: id }, { caller, requestId: "rqt_test" });
  return result;
}

const filesystem = {
  kind: "package",
  name: "@modelcontextprotocol/server-filesystem",
  version: "2026.8.31",
  args: ["/data"],
};

describe("the demo's pinned packages", () => {
  it("are looked at live on a demo instance without a release, and on no other", async () => {
    const result = await look(filesystem);
    expect(result).toMatchObject({ outcome: "ok", package: { released: false } });
    const tools = result?.outcome === "ok" ? result.tools : [];
    expect(tools.find(({ name }) => name === "write_file")?.effect).not.toBe("read");
    expect(tools.find(({ name }) => name === "read_text_file")?.effect).toBe("read");
    await world.quietly("update instance set mode = 'production'");
    expect(await look(filesystem)).toMatchObject({ outcome: "inspected" });
  }, 120_000);
});

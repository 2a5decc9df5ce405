import { describe, expect, it } from "vitest";
import { readServerJson } from "#lib/domain/probes/server-json.ts";

const read = (value: unknown) => readServerJson(JSON.stringify(value));

describe("a pasted server.json", () => {
  it("of the newest schema gives its packages and remotes", () => {
    const found = read({
      $schema: "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json",
      name: "io.example/files",
      description: "Files",
      version: "1.2.0",
      packages: [
        {
          registryType: "npm",
          identifier: "@example/files",
          version: "1.2.0",
          transport: { type: "stdio" },
          packageArguments: [
            { type: "positional", value: "/data" },
            { type: "named", name: "--mode", value: "read" },
            { type: "named", name: "--quiet", isRequired: true },
            { type: "named", name: "--trace" },
          ],
        },
      ],
      remotes: [{ type: "streamable-http", url: "https://mcp.example.com/mcp" }],
    });
    expect(found).toEqual({
      name: "io.example/files",
      description: "Files",
      version: "1.2.0",
      problems: [],
      targets: [
        { kind: "url", url: "https://mcp.example.com/mcp" },
        { kind: "package", name: "@example/files", version: "1.2.0", args: ["/data", "--mode", "read", "--quiet"] },
      ],
    });
  });

  it("of the first schema, in snake_case and wrapped, gives the same", () => {
    const server = {
      name: "io.example/files",
      version_detail: { version: "0.9.0" },
      packages: [
        {
          registry_name: "npm",
          name: "example-files",
          package_arguments: [{ type: "positional", value_hint: "dir", default: "/data" }],
        },
        { registry_type: "npm", identifier: "example-other", version: "2.0.1" },
      ],
      remotes: [{ transport_type: "streamable-http", url: "https://mcp.example.com/" }],
    };
    const found = read({ server });
    expect(found.problems).toEqual([]);
    expect(found.version).toBe("0.9.0");
    expect(found.targets).toEqual([
      { kind: "url", url: "https://mcp.example.com/" },
      { kind: "package", name: "example-files", version: "0.9.0", args: ["/data"] },
      { kind: "package", name: "example-other", version: "2.0.1", args: [] },
    ]);
  });

  it("says what cannot be inspected and keeps the rest", () => {
    const found = read({
      name: "io.example/all",
      version: ["$", "{VERSION}"].join(""),
      packages: [
        { registryType: "npm", identifier: "example-a" },
        { registryType: "oci", identifier: "docker.io/x/y:1" },
        { registryType: "npm", identifier: "../up", version: "1.0.0" },
        {
          registryType: "npm",
          identifier: "example-b",
          version: "1.0.0",
          packageArguments: [{ type: "positional", valueHint: "token", isRequired: true }],
        },
      ],
      remotes: [
        { type: "sse", url: "https://mcp.example.com/sse" },
        { type: "streamable-http", url: "https://{tenant}.example.com/mcp" },
        { type: "streamable-http" },
      ],
    });
    expect(found.targets).toEqual([{ kind: "package", name: "example-b", version: "1.0.0", args: [] }]);
    expect(found.problems).toEqual([
      'Remote 1 speaks "sse"; Ambit inspects streamable-http.',
      expect.stringContaining("Remote 2 has a placeholder"),
      "Remote 3 has no usable URL.",
      expect.stringMatching(/^Package 1 names no exact version \("\$\{VERSION\}"\)/),
      'Package 2 is of "oci"; Ambit inspects npm packages.',
      expect.stringContaining("Package 3 has no usable npm name"),
      'Package 4 needs the argument "token". Add it by hand.',
    ]);
  });

  it.each([
    ["", "not valid JSON"],
    ["{", "not valid JSON"],
    ["[]", "an object is expected"],
    ["null", "an object is expected"],
    ['{"a":1}', '"name" is missing'],
    ['{"name":"x"}', "nothing to inspect"],
    ['{"name":"x","packages":"y","remotes":{"z":1}}', "nothing to inspect"],
    ['{"name":"x","packages":[null,7,[]]}', "no exact version"],
  ])("that is malformed (%s) is answered in a sentence", (text, sentence) => {
    const found = readServerJson(text);
    expect(found.targets).toEqual([]);
    expect(found.problems.join(" ")).toContain(sentence);
  });
});

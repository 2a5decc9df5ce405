import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { processEnvironment } from "#lib/platform/env.ts";

const root = join(import.meta.dirname, "..");
const require = createRequire(import.meta.url);
const config = z
  .object({ forbidden: z.array(z.object({ name: z.string(), severity: z.string() })) })
  .parse(require(join(root, ".dependency-cruiser.cjs")));

const sources = filesBelow(root).filter((path) => /\.(ts|tsx|mjs|cjs|js)$/.test(path));
const lines = (path: string) => readFileSync(join(root, path), "utf8").split("\n").length - 1;
const readers = (pattern: RegExp) => sources.filter((path) => pattern.test(readFileSync(join(root, path), "utf8")));

test("no file is longer than 300 lines", () => {
  expect(sources.filter((path) => lines(path) > 300).map((path) => `${path}: ${lines(path)}`)).toEqual([]);
});

test("the environment is read in lib/platform/env.ts alone", () => {
  const launchers = /^lib\/.*\.mjs$/; // programs of their own that run before, or without, anything that could import env.ts
  const configuration = /^[a-z-]+\.config\.(ts|js|mjs)$/; // evaluated by tools, outside the program
  // NODE_ENV alone is a constant that Next writes into its bundles.
  const others = readers(/process\.env\b(?!\.NODE_ENV)/).filter(
    (path) =>
      !launchers.test(path) && !configuration.test(path) && !/^tests\/(architecture\.test\.ts|fixtures\/)/.test(path),
  );
  expect(others).toEqual(["lib/platform/env.ts"]);
});

test("there are no server actions", () => {
  expect(readers(/^\s*["']use server["']/m)).toEqual([]);
});

test("names say what a file holds", () => {
  const banned = /(^|\/)(utils?|helpers?|common|types|shared|services?|hooks)(\/|\.[a-z]+$)/;
  expect(sources.filter((path) => banned.test(path))).toEqual([]);
  expect(sources.filter((path) => /(^|\/)index\.tsx?$/.test(path) && path !== "lib/contract/index.ts")).toEqual([]);
});

test("every folder of lib is explained in docs/architecture.md", () => {
  const text = readFileSync(join(root, "docs/architecture.md"), "utf8");
  const folders = readdirSync(join(root, "lib"), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(folders.map(({ name }) => `lib/${name}`).filter((name) => !text.includes(name))).toEqual([]);
});

const imports = (...specifiers: string[]) =>
  specifiers
    .map((specifier, index) => `import * as m${index} from "${specifier}";\nexport const e${index} = m${index};\n`)
    .join("");

/** For every rule of the dependency cruiser, a file that breaks it. */
const forbiddenImports: Record<string, [path: string, content: string]> = {
  "lib/core-imports": ["lib/core/bad.ts", imports("#lib/contract/good.ts")],
  "lib/messages-imports": ["lib/messages/bad.ts", imports("#lib/core/good.ts")],
  "lib/platform-imports": ["lib/platform/bad.ts", imports("#lib/core/good.ts")],
  "lib/contract-imports": ["lib/contract/bad.ts", imports("#lib/domain/good.ts")],
  "lib/db-imports": ["lib/db/bad.ts", imports("#lib/domain/good.ts")],
  "lib/mcp-imports": ["lib/mcp/bad.ts", imports("#lib/domain/good.ts")],
  "lib/oauth-imports": ["lib/oauth/bad.ts", imports("#lib/db/client.ts")],
  "lib/domain-imports": ["lib/domain/bad.ts", imports("#lib/gateway/good.ts")],
  "lib/gateway-imports": ["lib/gateway/bad.ts", imports("#lib/domain/good.ts")],
  "lib/http-imports": ["lib/http/bad.ts", imports("#components/good.ts")],
  "lib/sign-in-imports": ["lib/sign-in/bad.ts", imports("#components/good.ts")],
  "lib/jobs-imports": ["lib/jobs/bad.ts", imports("#lib/gateway/good.ts")],
  "lib/instance-imports": ["lib/instance/bad.ts", imports("#lib/domain/good.ts")],
  "lib/demo-imports": ["lib/demo/bad.ts", imports("#lib/db/pool.ts")],
  "lib/client-imports": ["lib/client/bad.ts", imports("#lib/domain/good.ts")],
  "lib/cli-imports": ["lib/cli/bad.ts", imports("#lib/domain/good.ts")],
  "components-imports": ["components/bad.ts", imports("#lib/domain/good.ts")],
  "app-imports": ["app/bad.ts", imports("#lib/domain/good.ts")],
  "no-cycles": ["lib/core/one.ts", imports("#lib/core/other.ts")],
  resolvable: ["lib/cli/lost.ts", imports("#lib/nowhere.ts")],
  "core-is-pure": ["lib/core/impure.ts", imports("node:fs", "zod")],
  "contract-is-browser-safe": ["lib/contract/server.ts", imports("node:crypto")],
  "no-framework-inside": ["lib/gateway/framework.ts", imports("next/server")],
  "prisma-stays-in-db": ["lib/domain/prisma.ts", imports("@prisma/client")],
  "sql-has-few-homes": ["lib/gateway/sql.ts", imports("pg")],
  "ui-primitives-know-nothing": ["components/ui/bad.ts", imports("#lib/contract/good.ts")],
  "domain-audit-imports-leftwards": ["lib/domain/audit/bad.ts", imports("#lib/domain/people/good.ts")],
  "domain-people-imports-leftwards": ["lib/domain/people/bad.ts", imports("#lib/domain/connectors/good.ts")],
  "domain-connectors-imports-leftwards": ["lib/domain/connectors/bad.ts", imports("#lib/domain/agents/good.ts")],
  "domain-agents-imports-leftwards": ["lib/domain/agents/bad.ts", imports("#lib/domain/grants/good.ts")],
  "domain-grants-imports-leftwards": ["lib/domain/grants/bad.ts", imports("#lib/domain/requests/good.ts")],
  "domain-requests-imports-leftwards": ["lib/domain/requests/bad.ts", imports("#lib/domain/evidence/good.ts")],
  "domain-recertification-imports-leftwards": [
    "lib/domain/recertification/bad.ts",
    imports("#lib/domain/evidence/good.ts"),
  ],
};

/** For every rule of Biome that this house added, a file that breaks it. */
const forbiddenCode: Record<string, string> = {
  "suspicious/noExplicitAny": "export const a: any = 1;\n",
  "suspicious/noConsole": 'console.log("a");\nexport const b = 1;\n',
  "style/noNonNullAssertion": "export const c = [1][0]!;\n",
  "style/noDefaultExport": "export default 1;\n",
  "style/useImportType": 'import { Stats } from "node:fs";\nexport type S = Stats;\n',
  "nursery/noFloatingPromises": "async function go(): Promise<void> {}\nexport function f() {\n  go();\n}\n",
};

let planted: string;

beforeAll(() => {
  planted = mkdtempSync(join(tmpdir(), "ambit-planted-"));
  for (const file of [".dependency-cruiser.cjs", "biome.json", "package.json", "tsconfig.json", ".gitignore"]) {
    cpSync(join(root, file), join(planted, file));
  }
  symlinkSync(join(root, "node_modules"), join(planted, "node_modules"));
  const good = [
    "contract",
    "core",
    "domain",
    "gateway",
    "domain/people",
    "domain/connectors",
    "domain/agents",
    "domain/grants",
  ];
  for (const folder of [...good, "domain/requests", "domain/evidence"])
    plant(`lib/${folder}/good.ts`, "export const good = 1;\n");
  for (const path of ["components/good.ts", "lib/db/client.ts", "lib/db/pool.ts"])
    plant(path, "export const good = 1;\n");
  plant("lib/core/other.ts", imports("#lib/core/one.ts"));
  for (const [path, content] of Object.values(forbiddenImports)) plant(path, content);
  for (const [rule, content] of Object.entries(forbiddenCode)) plant(`lib/platform/${rule.split("/")[1]}.ts`, content);
});

afterAll(() => rmSync(planted, { recursive: true }));

function plant(path: string, content: string): void {
  mkdirSync(dirname(join(planted, path)), { recursive: true });
  writeFileSync(join(planted, path), content);
}

const CruiseResult = z.object({
  summary: z.object({
    totalCruised: z.number(),
    violations: z.array(z.object({ from: z.string(), rule: z.object({ name: z.string() }) })),
  }),
});

function cruise(cwd: string) {
  const args = ["--config", ".dependency-cruiser.cjs", "--output-type", "json", "app", "components", "lib"];
  const { stdout } = spawnSync(join(root, "node_modules/.bin/depcruise"), args, {
    cwd,
    encoding: "utf8",
    maxBuffer: 100_000_000,
  });
  return CruiseResult.parse(JSON.parse(stdout)).summary;
}

test("the import rules see the modules of this house", () => {
  expect(cruise(root).totalCruised).toBeGreaterThan(200);
});

test("every import rule is an error and bites", () => {
  expect(config.forbidden.filter(({ severity }) => severity !== "error")).toEqual([]);
  const { violations } = cruise(planted);
  const withoutEffect = config.forbidden
    .map(({ name }) => name)
    .filter((name) => !violations.some(({ rule, from }) => rule.name === name && from === forbiddenImports[name]?.[0]));
  expect(withoutEffect).toEqual([]);
});

test("every rule of the linter bites", () => {
  const args = ["lint", "--reporter=json", "--max-diagnostics=none", "lib/platform"];
  const { stdout } = spawnSync(join(root, "node_modules/.bin/biome"), args, {
    cwd: planted,
    encoding: "utf8",
    maxBuffer: 10_000_000,
  });
  expect(Object.keys(forbiddenCode).filter((rule) => !stdout.includes(`lint/${rule}`))).toEqual([]);
});

function filesBelow(dir: string): string[] {
  const { stdout } = spawnSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
    cwd: dir,
    encoding: "utf8",
  });
  return stdout.split("\n").filter((path) => path !== "" && readable(join(dir, path)));
}

function readable(path: string): boolean {
  try {
    readFileSync(path);
    return true;
  } catch {
    return false;
  }
}

test("the folder graph in docs/architecture.md is the code's (UPDATE=1 writes it)", () => {
  const folders = "^(app|components|lib/[^/]+)";
  const only = ["--include-only", "^(app|components|lib)/", "--collapse", folders, "--output-type", "mermaid"];
  const args = ["--config", ".dependency-cruiser.cjs", ...only, "app", "components", "lib"];
  const { stdout } = spawnSync(join(root, "node_modules/.bin/depcruise"), args, { cwd: root, encoding: "utf8" });
  const file = join(root, "docs/architecture.md");
  const text = readFileSync(file, "utf8");
  const drawn = text.replace(
    /(<!-- folder-graph -->\n)[\s\S]*(<!-- \/folder-graph -->)/,
    (_, start: string, end: string) => `${start}\`\`\`mermaid\n${stdout.trim()}\n\`\`\`\n${end}`,
  );
  if (processEnvironment().UPDATE === "1") writeFileSync(file, drawn);
  expect(text).toBe(drawn);
}, 60_000);

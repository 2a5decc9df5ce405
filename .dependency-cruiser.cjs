/** The import table of docs/architecture.md: what each folder may import of ours. What is not named is an error. */
const mayImport = {
  "lib/core": [],
  "lib/messages": [],
  "lib/platform": [],
  "lib/contract": ["lib/core"],
  "lib/db": ["lib/platform", "lib/core"],
  "lib/mcp": ["lib/core", "lib/platform"],
  "lib/oauth": ["lib/core", "lib/platform", "lib/db/pool"],
  "lib/domain": ["lib/core", "lib/contract", "lib/db", "lib/platform"],
  "lib/gateway": [
    "lib/core",
    "lib/contract",
    "lib/platform",
    "lib/mcp",
    "lib/oauth",
    "lib/db/pool",
    "lib/db/policy-rows",
  ],
  "lib/http": ["lib/domain", "lib/contract", "lib/core", "lib/platform", "lib/sign-in"],
  "lib/sign-in": ["lib/domain", "lib/contract", "lib/core", "lib/platform", "lib/db"],
  "lib/jobs": ["lib/domain", "lib/contract", "lib/core", "lib/platform", "lib/mcp", "lib/db/pool"],
  "lib/instance": ["lib/platform", "lib/db/pool", "lib/client", "lib/contract", "lib/core"],
  "lib/demo": ["lib/client", "lib/contract", "lib/core", "lib/platform"],
  "lib/client": ["lib/contract", "lib/core"],
  "lib/cli": ["lib/client", "lib/contract", "lib/core", "lib/platform"],
  components: ["lib/client", "lib/contract", "lib/core", "lib/messages"],
  app: ["components", "lib/http", "lib/sign-in", "lib/client", "lib/contract", "lib/messages"],
};

/** Nouns of the domain: each imports itself and those before it. */
const nouns = ["audit", "people", "connectors", "agents", "grants", "requests", "recertification", "evidence"];

const start = (folder) => (/\/db\/./.test(folder) ? `^${folder}\\.ts$` : `^${folder}/`);

const table = Object.entries(mayImport).map(([folder, allowed]) => ({
  name: `${folder}-imports`,
  comment: `${folder} imports only: ${[folder, ...allowed].join(", ")}`,
  severity: "error",
  from: { path: start(folder) },
  to: { path: "^(app|components|lib|tests)/", pathNot: [folder, ...allowed].map(start) },
}));

module.exports = {
  forbidden: [
    ...table,
    {
      name: "no-cycles",
      comment: "Imports of types alone do not exist at run time and may point back.",
      severity: "error",
      from: { pathNot: "^lib/db/generated/" },
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    { name: "resolvable", severity: "error", from: {}, to: { couldNotResolve: true } },
    {
      name: "core-is-pure",
      comment: "No package and no part of Node: time, randomness and hashing come in as arguments.",
      severity: "error",
      from: { path: "^lib/core/" },
      to: { dependencyTypesNot: ["local", "aliased", "aliased-subpath-import", "undetermined"], pathNot: "^lib/core/" },
    },
    {
      name: "contract-is-browser-safe",
      severity: "error",
      from: { path: "^lib/contract/" },
      to: { pathNot: ["^lib/(contract|core)/", "(^|/)node_modules/zod/"] },
    },
    {
      name: "no-framework-inside",
      comment: "Core, domain, gateway and jobs know neither Next nor React.",
      severity: "error",
      from: { path: "^lib/(core|contract|domain|gateway|jobs|mcp|oauth)/" },
      to: { path: "(^|/)node_modules/(next|next-auth|react|react-dom|@tanstack)/" },
    },
    {
      name: "prisma-stays-in-db",
      severity: "error",
      from: { path: "^(app|components|lib)/", pathNot: "^lib/(db|instance)/" },
      to: { path: "(^|/)node_modules/(@prisma|prisma)/" },
    },
    {
      name: "sql-has-few-homes",
      comment:
        "PostgreSQL is spoken in db, domain, instance, oauth, jobs, sign-in and the gateway's store; its entry opens the pool, its snapshot listens.",
      severity: "error",
      from: {
        path: "^(app|components|lib)/",
        pathNot: "^lib/(db|domain|instance|oauth|jobs|sign-in|gateway/store)/|^lib/gateway/(server|snapshot)\\.ts$",
      },
      to: { path: ["(^|/)node_modules/pg/", "^lib/db/"], dependencyTypesNot: ["type-only"] },
    },
    {
      name: "ui-primitives-know-nothing",
      severity: "error",
      from: { path: "^components/ui/" },
      to: { path: "^(app|components|lib)/", pathNot: ["^components/ui/", "^lib/messages/"] },
    },
    ...nouns.slice(0, -1).map((noun, index) => ({
      name: `domain-${noun}-imports-leftwards`,
      severity: "error",
      from: { path: `^lib/domain/${noun}/` },
      to: { path: `^lib/domain/(${nouns.slice(index + 1).join("|")})/` },
    })),
  ],
  options: {
    doNotFollow: { path: "(^|/)node_modules/" },
    exclude: { path: ["^tests/fixtures/", "\\.next/"] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
    },
  },
};

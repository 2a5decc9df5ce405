import type { LockedPackage } from "#lib/mcp/package/lock.ts";
import { lifecycleScripts, type RegistryMetadata, stringsOf } from "#lib/mcp/package/registry.ts";
import type { TarballContents } from "#lib/mcp/package/tarball.ts";

/** Codes of what an inspection can point out. */
export type PackageFindingCode =
  | "install_script"
  | "dependency_install_script"
  | "published_recently"
  | "publication_unknown"
  | "deprecated"
  | "native_code"
  | "many_dependencies"
  | "no_provenance"
  | "no_signature"
  | "single_maintainer"
  | "registry_name_missing"
  | "registry_name_mismatch"
  | "manifest_differs"
  | "no_executable";

/** One thing that a reviewer should see. `subject` names scripts or packages (hostile text: render as text); `advice` says what to do. */
export type PackageFinding = {
  code: PackageFindingCode;
  severity: "low" | "medium" | "high";
  subject: string[];
  advice: string;
};

/** Everything that findings are drawn from. */
export type PackageFacts = {
  metadata: RegistryMetadata;
  contents: TarballContents;
  locked: LockedPackage[];
  name: string;
  hasExecutable: boolean;
  expectedMcpName: string | undefined;
  now: Date;
};

const recentDays = 14;
const dependenciesMany = 150;
const subjectsMax = 50;
const dayMs = 86_400_000;

/** Findings of a package, highest severity first. Pure: same facts, same findings. */
export function packageFindings(facts: PackageFacts): PackageFinding[] {
  const order = ["high", "medium", "low"];
  return [...scriptFindings(facts), ...publisherFindings(facts), ...contentFindings(facts)].sort(
    (a, b) => order.indexOf(a.severity) - order.indexOf(b.severity),
  );
}

function scriptFindings({ contents, metadata, locked, name }: PackageFacts): PackageFinding[] {
  const found: PackageFinding[] = [];
  const own = installScripts(contents);
  // `prepare` runs for git installations only; the other three run on every installation from a registry.
  if (own.some((script) => script !== "prepare")) {
    found.push(
      finding(
        "install_script",
        "high",
        own,
        "Ambit never runs install scripts. Read them and ask why the package needs them.",
      ),
    );
  }
  const others = locked.filter((one) => one.hasInstallScript && one.name !== name).map(label);
  if (others.length > 0) {
    found.push(
      finding(
        "dependency_install_script",
        "medium",
        others,
        "These scripts are never run. Check that the server works without them.",
      ),
    );
  }
  const declared = metadata.installScripts.join();
  if (
    !same(metadata.dependencies, stringsOf(contents.manifest.dependencies)) ||
    (declared !== own.join() && declared !== "")
  ) {
    found.push(
      finding(
        "manifest_differs",
        "high",
        [],
        "The registry shows other dependencies or scripts than the package contains. Deny unless its publisher explains it.",
      ),
    );
  }
  return found;
}

function publisherFindings({ metadata, contents, expectedMcpName, now }: PackageFacts): PackageFinding[] {
  const found: PackageFinding[] = [];
  const { publishedAt } = metadata;
  if (publishedAt === null) {
    found.push(
      finding(
        "publication_unknown",
        "medium",
        [],
        "The registry does not say when this version was published. Ask for a source that does.",
      ),
    );
  } else if (now.getTime() - Date.parse(publishedAt) < recentDays * dayMs) {
    found.push(
      finding(
        "published_recently",
        "high",
        [publishedAt],
        `Published less than ${recentDays} days ago. Wait, or take an older version: attacks are mostly found in the first days.`,
      ),
    );
  }
  if (metadata.deprecated)
    found.push(
      finding("deprecated", "medium", [], "Its publisher advises against this version. Request its successor."),
    );
  if (!metadata.signed)
    found.push(finding("no_signature", "low", [], "The registry shows no signature for this version."));
  if (!metadata.provenance) {
    found.push(
      finding(
        "no_provenance",
        "low",
        [],
        "No provenance attestation links the package to its source. Compare it with the repository.",
      ),
    );
  }
  if (metadata.maintainers === 1) {
    found.push(
      finding("single_maintainer", "low", [], "One account can publish new versions. Pin versions and review each."),
    );
  }
  const { mcpName } = contents.manifest;
  if (expectedMcpName !== undefined && mcpName !== expectedMcpName) {
    found.push(
      finding(
        "registry_name_mismatch",
        "high",
        typeof mcpName === "string" ? [mcpName] : [],
        "The package does not claim the server name that was requested. It may be an imitation: check the publisher.",
      ),
    );
  } else if (typeof mcpName !== "string") {
    found.push(
      finding(
        "registry_name_missing",
        "low",
        [],
        "The package names no MCP registry entry, so name and publisher cannot be compared.",
      ),
    );
  }
  return found;
}

function contentFindings({ contents, locked, hasExecutable }: PackageFacts): PackageFinding[] {
  const found: PackageFinding[] = [];
  if (contents.nativeCode) {
    found.push(
      finding(
        "native_code",
        "high",
        [],
        "It contains or builds machine code, which cannot be read in review. Ask for a version without it.",
      ),
    );
  }
  if (locked.length > dependenciesMany) {
    found.push(
      finding(
        "many_dependencies",
        "low",
        [`${locked.length}`],
        "Every dependency is code that runs. Prefer a smaller package.",
      ),
    );
  }
  if (!hasExecutable) {
    found.push(
      finding("no_executable", "high", [], "It declares no command that can be started. Check the package's name."),
    );
  }
  return found;
}

/** Install scripts in the package's own package.json, in npm's order. */
export function installScripts({ manifest, paths }: TarballContents): string[] {
  const scripts = stringsOf(manifest.scripts);
  const declared = lifecycleScripts.filter((script) => scripts[script] !== undefined);
  // npm builds a package with binding.gyp even when no install script is declared.
  return paths.includes("binding.gyp") && !declared.includes("install") ? [...declared, "install"] : declared;
}

function finding(
  code: PackageFindingCode,
  severity: PackageFinding["severity"],
  subject: string[],
  advice: string,
): PackageFinding {
  return { code, severity, subject: subject.slice(0, subjectsMax), advice };
}

function label({ name, version }: LockedPackage): string {
  return `${name}@${version}`;
}

function same(a: Record<string, string>, b: Record<string, string>): boolean {
  const flat = (entries: Record<string, string>) => JSON.stringify(Object.entries(entries).sort());
  return flat(a) === flat(b);
}

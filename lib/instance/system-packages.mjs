import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Programs of the operating system that tests use, each with its Debian packages. */
const programs = { chromium: ["chromium", "fonts-dejavu-core", "fonts-noto-core"], bwrap: ["bubblewrap"] };

/** Installs what is missing with apt, as root on Debian; elsewhere says what is missing, and the tests that need it say so too. */
export function ensureSystemPackages() {
  const missing = Object.keys(programs).filter((program) => !isInstalled(program));
  if (missing.length === 0) return;
  const packages = missing.flatMap((program) => programs[program]);
  if (process.getuid?.() !== 0 || !isInstalled("apt-get")) {
    process.stdout.write(`Not installed, and tests that need them will not run: ${packages.join(", ")}\n`);
    return;
  }
  process.stdout.write(`Installing ${packages.join(", ")} …\n`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const options = { env, stdio: ["ignore", "ignore", "inherit"] };
  spawnSync("apt-get", ["update", "-q"], options);
  const { status } = spawnSync("apt-get", ["install", "-y", "-q", "--no-install-recommends", ...packages], options);
  if (status !== 0) process.stdout.write(`apt-get could not install them (${status}).\n`);
}

function isInstalled(program) {
  return (process.env.PATH ?? "").split(delimiter).some((dir) => existsSync(join(dir, program)));
}

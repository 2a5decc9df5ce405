import { type Bind, limitOptions, temporaryBytes } from "#lib/mcp/stdio/confinement.ts";

const option = { read: "--ro-bind", write: "--bind", device: "--dev-bind" } as const;

/** Arguments of bwrap(1) for a program in namespaces of its own: nothing of the host but the binds, no network, no capabilities. */
export function bubblewrapArguments(binds: readonly Bind[], program: readonly string[]): string[] {
  return [
    "--unshare-all",
    "--unshare-user",
    "--disable-userns",
    ...["--uid", "65534", "--gid", "65534"],
    ...["--cap-drop", "ALL"],
    ...["--hostname", "sandbox"],
    "--die-with-parent",
    "--new-session",
    "--clearenv",
    ...binds.flatMap(({ mode, host, inside }) => [option[mode], host, inside]),
    ...["--proc", "/proc"],
    ...["--perms", "1777", "--size", `${temporaryBytes}`, "--tmpfs", "/tmp"],
    ...["--remount-ro", "/"],
    ...["--chdir", "/tmp"],
    "--",
    "/runtime/prlimit",
    ...limitOptions,
    "--",
    ...program,
  ];
}

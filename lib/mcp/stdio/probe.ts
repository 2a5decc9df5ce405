import type { PackageIdentity, ServerDescription, ServerSnapshot } from "#lib/core/inspection/snapshot.ts";
import { takeSnapshot } from "#lib/mcp/snapshot.ts";
import { describeSandbox, type Launch, sandboxCommand } from "#lib/mcp/stdio/sandbox.ts";
import { openSession } from "#lib/mcp/stdio/session.ts";

/**
 * Looks once at what a stdio server offers: starts it in the sandbox, takes its snapshot, ends it.
 * The caller has made sure that a platform reviewer released the package's digest (invariant 14).
 * @throws LaunchRefused (no sandbox, for any but the pinned packages), ChannelError
 */
export async function probePackage(
  launch: Launch,
  identity: PackageIdentity,
  signal: AbortSignal,
): Promise<ServerSnapshot> {
  const session = await openSession(await sandboxCommand(await describeSandbox(), launch));
  try {
    const described = (said: ServerDescription) => ({ ...said, transport: "stdio", package: identity }) as const;
    return await takeSnapshot(session.channel(), described, { signal });
  } finally {
    await session.close();
  }
}
